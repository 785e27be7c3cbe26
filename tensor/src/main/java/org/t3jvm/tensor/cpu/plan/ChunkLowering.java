package org.t3jvm.tensor.cpu.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.graph.Value;

/** Lowers a chain of {@link RowChunks}: all steps of one chunk, then all steps of the next. */
final class ChunkLowering {
  private ChunkLowering() {}

  /**
   * The kernels of a chain, chunk after chunk.
   *
   * @param members all ops of the chain, in order
   * @param maxRows rows of a chunk at most
   * @param inPlace whether the result lies over rows that the chain reads: then a chunk's rows are
   *     computed beside it, and copied when the chunk reads nothing more
   * @param arithmetic what products multiply
   */
  static LoweredOp lower(List<Value> members, int maxRows, boolean inPlace, Arithmetic arithmetic) {
    long rows = members.getLast().shape().dim(0);
    long count = Math.ceilDiv(rows, (long) maxRows);
    long chunkRows = Math.ceilDiv(rows, count);
    long restRows = rows - (count - 1) * chunkRows;
    ChunkGraph full = ChunkGraph.of(members, chunkRows, inPlace, arithmetic);
    ChunkGraph rest =
        restRows == chunkRows ? full : ChunkGraph.of(members, restRows, inPlace, arithmetic);
    List<CpuKernel> kernels = new ArrayList<>();
    for (long chunk = 0; chunk < count; chunk++) {
      ChunkGraph graph = chunk == count - 1 ? rest : full;
      for (Step step : graph.steps()) {
        ChunkFrame frame = new ChunkFrame(graph, step, chunk * chunkRows);
        step.lowered().kernels().forEach(kernel -> kernels.add(new ChunkKernel(kernel, frame)));
      }
      if (inPlace) {
        kernels.add(new CopyBack(members.getLast(), graph, chunk * chunkRows));
      }
    }
    return new LoweredOp(kernels, Math.max(full.bytes(), rest.bytes()));
  }

  /** A kernel that sees one chunk. */
  private record ChunkKernel(CpuKernel kernel, ChunkFrame chunk) implements CpuKernel {
    @Override
    public int tasks() {
      return kernel.tasks();
    }

    @Override
    public int scratchFloats() {
      return kernel.scratchFloats();
    }

    @Override
    public long scratchBytes() {
      return kernel.scratchBytes();
    }

    @Override
    public void run(int task, Frame frame, Scratch scratch) {
      kernel.run(task, chunk.in(frame), scratch);
    }
  }

  /** Copies the rows of one chunk from beside the result to their place. */
  private static final class CopyBack extends RangeKernel {
    private final Value result;
    private final ChunkGraph graph;
    private final long firstRow;

    CopyBack(Value result, ChunkGraph graph, long firstRow) {
      super(graph.resultBytes(), 1);
      this.result = result;
      this.graph = graph;
      this.firstRow = firstRow;
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment rows = graph.result(frame.temporary());
      long start = firstRow * result.shape().inner(0) * result.dtype().byteSize();
      MemorySegment.copy(rows, from, frame.segment(result), start + from, to - from);
    }
  }

  /** Where one step of one chunk finds its values. */
  private static final class ChunkFrame {
    private final ChunkGraph graph;
    private final Step step;
    private final long firstRow;
    private volatile @Nullable Bound bound;

    ChunkFrame(ChunkGraph graph, Step step, long firstRow) {
      this.graph = graph;
      this.step = step;
      this.firstRow = firstRow;
    }

    /** This chunk's frame within the frame of a run, kept from run to run. */
    @SuppressWarnings("ReferenceEquality") // the same frame, not one of equal contents
    Frame in(Frame outside) {
      Bound known = bound;
      if (known == null || known.outside != outside) {
        known = new Bound(outside);
        bound = known;
      }
      return known;
    }

    /** A value's memory, and the outside memory that it was found in. */
    private record Found(MemorySegment outside, MemorySegment inside) {}

    private final class Bound implements Frame {
      private final Frame outside;
      private final MemorySegment temporary;
      private final @Nullable Found[] found = new Found[graph.size()];

      Bound(Frame outside) {
        this.outside = outside;
        this.temporary = graph.temporary(step, outside.temporary());
      }

      /** Kept from run to run, as long as the outside stays where it is. */
      @Override
      public MemorySegment segment(Value value) {
        MemorySegment around = graph.outside(value, outside);
        Found known = found[value.id()];
        if (known == null || !known.outside.equals(around)) {
          known = new Found(around, graph.inside(value, around, firstRow));
          found[value.id()] = known;
        }
        return known.inside;
      }

      @Override
      public MemorySegment temporary() {
        return temporary;
      }
    }
  }
}
