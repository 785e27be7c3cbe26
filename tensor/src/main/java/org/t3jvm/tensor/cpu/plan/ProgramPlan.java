package org.t3jvm.tensor.cpu.plan;

import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;

/**
 * How a graph is run: where its values lie, in which steps, and what that takes. It follows from
 * shapes alone.
 */
public final class ProgramPlan {
  private final Graph graph;
  private final Placement placement;
  private final List<Step> steps;
  private final ArenaPlan arena;
  private final int scratchFloats;
  private final long scratchBytes;
  private final int threads;

  /**
   * Plans a graph.
   *
   * @param chunkRows rows of a chunk at most, see {@link RowChunks}
   * @param arithmetic what products multiply
   */
  public ProgramPlan(Graph graph, int chunkRows, int threads, Arithmetic arithmetic) {
    this.graph = graph;
    this.threads = threads;
    this.placement = Placement.of(graph, chunkRows, arithmetic);
    this.steps = Step.of(graph, placement);
    this.arena = new ArenaPlan(placement, steps);
    this.scratchFloats = kernels().mapToInt(CpuKernel::scratchFloats).max().orElse(0);
    this.scratchBytes = kernels().mapToLong(CpuKernel::scratchBytes).max().orElse(0);
  }

  private Stream<CpuKernel> kernels() {
    return steps.stream().flatMap(step -> step.lowered().kernels().stream());
  }

  public Graph graph() {
    return graph;
  }

  public Placement placement() {
    return placement;
  }

  public List<Step> steps() {
    return steps;
  }

  public ArenaPlan arena() {
    return arena;
  }

  /** Floats of scratch memory that each thread needs. */
  public int scratchFloats() {
    return scratchFloats;
  }

  /** Bytes of scratch memory outside of the heap that each thread needs. */
  public long scratchBytes() {
    return scratchBytes;
  }

  public int threads() {
    return threads;
  }

  public MemoryPlan memory() {
    return new MemoryPlan(
        arena.bytes(),
        threads * ((long) scratchFloats * Float.BYTES + scratchBytes),
        graph.parameters().values().stream().mapToLong(OpWork::bytes).sum());
  }
}
