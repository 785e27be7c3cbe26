package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** {@link Op.Reduce}: x [outer, n, inner] to [outer, 1, inner]. */
public final class ReduceKernels {
  private ReduceKernels() {}

  public static CpuKernel of(Op.Reduce op, Value out) {
    return op.x().shape().inner(op.axis()) == 1 ? new Rows(op, out) : new Columns(op, out);
  }

  private static float finished(Op.Reduce op, double value) {
    return (float)
        (op.kind() == Op.Reduce.Kind.MEAN ? value / op.x().shape().dim(op.axis()) : value);
  }

  /** Along the innermost axis: one row for each result. */
  private static final class Rows extends RangeKernel {
    private final Op.Reduce op;
    private final Value out;
    private final long n;

    Rows(Op.Reduce op, Value out) {
      super(out.shape().elements(), op.x().shape().dim(op.axis()));
      this.op = op;
      this.out = out;
      this.n = op.x().shape().dim(op.axis());
    }

    @Override
    public int scratchFloats() {
      return COUNT;
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment x = frame.segment(op.x());
      MemorySegment y = frame.segment(out);
      for (long row = from; row < to; row++) {
        double value =
            switch (op.kind()) {
              case SUM, MEAN -> RowSums.sum(x, row * n, n, scratch);
              case MAX -> max(x, row * n);
            };
        Lanes.set(y, row, finished(op, value));
      }
    }

    private float max(MemorySegment x, long base) {
      FloatVector max = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
      long i = 0;
      for (; i + COUNT <= n; i += COUNT) {
        max = max.max(Lanes.load(x, base + i));
      }
      if (i < n) {
        VectorMask<Float> rest = Lanes.first(n - i);
        max = max.lanewise(VectorOperators.MAX, Lanes.load(x, base + i, rest), rest);
      }
      return max.reduceLanes(VectorOperators.MAX);
    }
  }

  /**
   * Along another axis: blocks of neighbouring columns, whose partial results stay in scratch while
   * the rows stream by.
   */
  private static final class Columns extends RangeKernel {
    private static final int BLOCK = 1024;

    /** Rows after which partial sums are added to the totals, so that long columns stay exact. */
    private static final long PARTIAL_ROWS = 256;

    private final Op.Reduce op;
    private final Value out;
    private final long n;
    private final long inner;
    private final long blocks;

    Columns(Op.Reduce op, Value out) {
      this(op, out, op.x().shape());
    }

    private Columns(Op.Reduce op, Value out, Shape x) {
      super(
          x.outer(op.axis()) * Math.ceilDiv(x.inner(op.axis()), BLOCK),
          x.dim(op.axis()) * Math.min(BLOCK, x.inner(op.axis())));
      this.op = op;
      this.out = out;
      this.n = x.dim(op.axis());
      this.inner = x.inner(op.axis());
      this.blocks = Math.ceilDiv(inner, BLOCK);
    }

    @Override
    public int scratchFloats() {
      return 2 * BLOCK;
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment x = frame.segment(op.x());
      MemorySegment y = frame.segment(out);
      for (long item = from; item < to; item++) {
        long outer = item / blocks;
        long column = item % blocks * BLOCK;
        int width = (int) Math.min(BLOCK, inner - column);
        long base = outer * n * inner + column;
        if (op.kind() == Op.Reduce.Kind.MAX) {
          max(x, base, width, scratch);
        } else {
          sum(x, base, width, scratch);
        }
        for (int i = 0; i < width; i++) {
          Lanes.set(y, outer * inner + column + i, finished(op, scratch[i]));
        }
      }
    }

    private void sum(MemorySegment x, long base, int width, float[] scratch) {
      Arrays.fill(scratch, 0, 2 * BLOCK, 0f);
      for (long row = 0; row < n; row++) {
        addRow(x, base + row * inner, scratch, width);
        if ((row + 1) % PARTIAL_ROWS == 0 || row + 1 == n) {
          for (int i = 0; i < width; i++) {
            scratch[i] += scratch[BLOCK + i];
            scratch[BLOCK + i] = 0;
          }
        }
      }
    }

    private static void addRow(MemorySegment x, long start, float[] scratch, int width) {
      int i = 0;
      for (; i + COUNT <= width; i += COUNT) {
        FloatVector sum = FloatVector.fromArray(F, scratch, BLOCK + i);
        sum.add(Lanes.load(x, start + i)).intoArray(scratch, BLOCK + i);
      }
      for (; i < width; i++) {
        scratch[BLOCK + i] += Lanes.get(x, start + i);
      }
    }

    private void max(MemorySegment x, long base, int width, float[] scratch) {
      Arrays.fill(scratch, 0, width, Float.NEGATIVE_INFINITY);
      for (long row = 0; row < n; row++) {
        maxRow(x, base + row * inner, scratch, width);
      }
    }

    private static void maxRow(MemorySegment x, long start, float[] scratch, int width) {
      int i = 0;
      for (; i + COUNT <= width; i += COUNT) {
        FloatVector max = FloatVector.fromArray(F, scratch, i);
        max.max(Lanes.load(x, start + i)).intoArray(scratch, i);
      }
      for (; i < width; i++) {
        scratch[i] = Math.max(scratch[i], Lanes.get(x, start + i));
      }
    }
  }
}
