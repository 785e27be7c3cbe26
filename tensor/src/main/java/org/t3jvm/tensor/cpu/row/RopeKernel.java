package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;

/**
 * {@link Op.Rope}: x [T*H*W, heads*d], token by token; may run in place.
 *
 * <p>A pair (a, b) turns into (a cos - b sin, b cos + a sin): x times a row of cosines, plus x with
 * its pairs swapped times a row of sines whose even elements are negated. The two rows of a token
 * are put together from one small table per axis and serve all heads.
 */
public final class RopeKernel extends RangeKernel {
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F, lane -> lane ^ 1);

  private final Op.Rope op;
  private final Value out;
  private final int headDim;
  private final AxisTable t;
  private final AxisTable h;
  private final AxisTable w;

  public RopeKernel(Op.Rope op, Value out) {
    super(out.shape().dim(0), out.shape().dim(1));
    this.op = op;
    this.out = out;
    this.headDim = out.shape().intDim(1) / op.heads();
    int third = headDim / 3;
    this.t = AxisTable.of(op.grid().t(), headDim - 2 * third);
    this.h = AxisTable.of(op.grid().h(), third);
    this.w = AxisTable.of(op.grid().w(), third);
  }

  @Override
  public boolean countsRows() {
    return true;
  }

  @Override
  public int scratchFloats() {
    return 2 * headDim;
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    MemorySegment x = frame.segment(op.x());
    MemorySegment y = frame.segment(out);
    TokenGrid grid = op.grid();
    for (long token = from; token < to; token++) {
      int column = (int) (token % grid.w());
      int row = (int) (token / grid.w() % grid.h());
      int time = (int) (token / ((long) grid.w() * grid.h()));
      if (token == from || column == 0) {
        t.copy(time, scratch, 0, headDim);
        h.copy(row, scratch, t.width, headDim);
      }
      w.copy(column, scratch, t.width + h.width, headDim);
      for (int head = 0; head < op.heads(); head++) {
        turn(x, y, (token * op.heads() + head) * headDim, scratch);
      }
    }
  }

  private void turn(MemorySegment x, MemorySegment y, long base, float[] rows) {
    int i = 0;
    for (; i + COUNT <= headDim; i += COUNT) {
      FloatVector v = Lanes.load(x, base + i);
      FloatVector cos = FloatVector.fromArray(F, rows, i);
      FloatVector sin = FloatVector.fromArray(F, rows, headDim + i);
      Lanes.store(v.fma(cos, v.rearrange(SWAP).mul(sin)), y, base + i);
    }
    if (i < headDim) {
      VectorMask<Float> rest = Lanes.first(headDim - i);
      FloatVector v = Lanes.load(x, base + i, rest);
      FloatVector cos = FloatVector.fromArray(F, rows, i, rest);
      FloatVector sin = FloatVector.fromArray(F, rows, headDim + i, rest);
      Lanes.store(v.fma(cos, v.rearrange(SWAP).mul(sin)), y, base + i, rest);
    }
  }

  /** Cosines and signed sines of every position along one axis, each pair's twice in a row. */
  private static final class AxisTable {
    final int width;
    final float[] cos;
    final float[] sin;

    private AxisTable(int width, float[] cos, float[] sin) {
      this.width = width;
      this.cos = cos;
      this.sin = sin;
    }

    /** Angles are position * 10000^(-2j/width), in float64 (SPEC 4). */
    static AxisTable of(int positions, int width) {
      float[] cos = new float[positions * width];
      float[] sin = new float[positions * width];
      for (int j = 0; j < width / 2; j++) {
        double frequency = Math.pow(10000, -2.0 * j / width);
        for (int position = 0; position < positions; position++) {
          int at = position * width + 2 * j;
          double angle = position * frequency;
          cos[at] = (float) Math.cos(angle);
          cos[at + 1] = cos[at];
          sin[at] = (float) -Math.sin(angle);
          sin[at + 1] = -sin[at];
        }
      }
      return new AxisTable(width, cos, sin);
    }

    /** Puts a position's cosines at {@code to} and its sines {@code distance} further. */
    void copy(int position, float[] rows, int to, int distance) {
      System.arraycopy(cos, position * width, rows, to, width);
      System.arraycopy(sin, position * width, rows, to + distance, width);
    }
  }
}
