package org.t3jvm.tensor.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Value;

/** Lowers a chain of {@link RowChunks}: all steps of one chunk, then all steps of the next. */
final class ChunkLowering {
  private ChunkLowering() {}

  /**
   * The kernels of a chain, chunk after chunk.
   *
   * @param members all ops of the chain, in order
   * @param maxRows rows of a chunk at most
   */
  static LoweredOp lower(List<Value> members, int maxRows) {
    long rows = members.getLast().shape().dim(0);
    long count = Math.ceilDiv(rows, (long) maxRows);
    long chunkRows = Math.ceilDiv(rows, count);
    long restRows = rows - (count - 1) * chunkRows;
    ChunkGraph full = ChunkGraph.of(members, chunkRows);
    ChunkGraph rest = restRows == chunkRows ? full : ChunkGraph.of(members, restRows);
    List<Kernel> kernels = new ArrayList<>();
    for (long chunk = 0; chunk < count; chunk++) {
      ChunkGraph graph = chunk == count - 1 ? rest : full;
      for (Step step : graph.steps()) {
        ChunkFrame frame = new ChunkFrame(graph, step, chunk * chunkRows);
        step.lowered().kernels().forEach(kernel -> kernels.add(new ChunkKernel(kernel, frame)));
      }
    }
    return new LoweredOp(kernels, Math.max(full.bytes(), rest.bytes()));
  }

  /** A kernel that sees one chunk. */
  private record ChunkKernel(Kernel kernel, ChunkFrame chunk) implements Kernel {
    @Override
    public int tasks() {
      return kernel.tasks();
    }

    @Override
    public int scratchFloats() {
      return kernel.scratchFloats();
    }

    @Override
    public void run(int task, Frame frame, float[] scratch) {
      kernel.run(task, chunk.in(frame), scratch);
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
