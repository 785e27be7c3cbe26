package org.t3jvm.tensor.cpu.attention;

import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Weights times values. The weights lie key after key, as the softmax leaves them, so the rows of a
 * tile are neighbours; eight rows, or four, divide a panel where {@link Tile#ROWS} does not.
 */
public final class WeightKernel {
  /** Queries of a tile. */
  public static final int ROWS = Tile.ROWS == 12 ? 8 : 4;

  private WeightKernel() {}

  /**
   * {@code c += a^T b} for one tile.
   *
   * @param x holds all three
   * @param a weights of {@link #ROWS} queries, keys {@link Tile#COLUMNS} apart
   * @param b values, [depth, {@link Tile#COLUMNS}]
   * @param depth number of keys
   * @param c results, [{@link #ROWS}, {@link Tile#COLUMNS}]
   */
  public static void multiply(float[] x, int a, int b, int depth, int c) {
    if (ROWS == 8) {
      multiply8(x, a, b, depth, c);
    } else {
      multiply4(x, a, b, depth, c);
    }
  }

  /**
   * The same where only {@code columns} of the values' columns count: if they fit into one vector,
   * the results of the others stay as they are.
   */
  static void multiply(float[] x, int a, int b, int depth, int columns, int c) {
    if (columns > Lanes.COUNT) {
      multiply(x, a, b, depth, c);
    } else if (ROWS == 8) {
      narrow8(x, a, b, depth, c);
    } else {
      narrow4(x, a, b, depth, c);
    }
  }

  private static void multiply8(float[] x, int a, int b, int depth, int c) {
    FloatVector c0x = FloatVector.zero(Lanes.F);
    FloatVector c0y = FloatVector.zero(Lanes.F);
    FloatVector c1x = FloatVector.zero(Lanes.F);
    FloatVector c1y = FloatVector.zero(Lanes.F);
    FloatVector c2x = FloatVector.zero(Lanes.F);
    FloatVector c2y = FloatVector.zero(Lanes.F);
    FloatVector c3x = FloatVector.zero(Lanes.F);
    FloatVector c3y = FloatVector.zero(Lanes.F);
    FloatVector c4x = FloatVector.zero(Lanes.F);
    FloatVector c4y = FloatVector.zero(Lanes.F);
    FloatVector c5x = FloatVector.zero(Lanes.F);
    FloatVector c5y = FloatVector.zero(Lanes.F);
    FloatVector c6x = FloatVector.zero(Lanes.F);
    FloatVector c6y = FloatVector.zero(Lanes.F);
    FloatVector c7x = FloatVector.zero(Lanes.F);
    FloatVector c7y = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS);
      FloatVector w = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS + Lanes.COUNT);
      FloatVector a0 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS]);
      c0x = a0.fma(v, c0x);
      c0y = a0.fma(w, c0y);
      FloatVector a1 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 1]);
      c1x = a1.fma(v, c1x);
      c1y = a1.fma(w, c1y);
      FloatVector a2 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 2]);
      c2x = a2.fma(v, c2x);
      c2y = a2.fma(w, c2y);
      FloatVector a3 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 3]);
      c3x = a3.fma(v, c3x);
      c3y = a3.fma(w, c3y);
      FloatVector a4 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 4]);
      c4x = a4.fma(v, c4x);
      c4y = a4.fma(w, c4y);
      FloatVector a5 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 5]);
      c5x = a5.fma(v, c5x);
      c5y = a5.fma(w, c5y);
      FloatVector a6 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 6]);
      c6x = a6.fma(v, c6x);
      c6y = a6.fma(w, c6y);
      FloatVector a7 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 7]);
      c7x = a7.fma(v, c7x);
      c7y = a7.fma(w, c7y);
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0x).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + Lanes.COUNT).add(c0y).intoArray(x, c + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS).add(c1x).intoArray(x, c + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS + Lanes.COUNT)
        .add(c1y)
        .intoArray(x, c + Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS)
        .add(c2x)
        .intoArray(x, c + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS + Lanes.COUNT)
        .add(c2y)
        .intoArray(x, c + 2 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS)
        .add(c3x)
        .intoArray(x, c + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS + Lanes.COUNT)
        .add(c3y)
        .intoArray(x, c + 3 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 4 * Tile.COLUMNS)
        .add(c4x)
        .intoArray(x, c + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 4 * Tile.COLUMNS + Lanes.COUNT)
        .add(c4y)
        .intoArray(x, c + 4 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 5 * Tile.COLUMNS)
        .add(c5x)
        .intoArray(x, c + 5 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 5 * Tile.COLUMNS + Lanes.COUNT)
        .add(c5y)
        .intoArray(x, c + 5 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 6 * Tile.COLUMNS)
        .add(c6x)
        .intoArray(x, c + 6 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 6 * Tile.COLUMNS + Lanes.COUNT)
        .add(c6y)
        .intoArray(x, c + 6 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 7 * Tile.COLUMNS)
        .add(c7x)
        .intoArray(x, c + 7 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 7 * Tile.COLUMNS + Lanes.COUNT)
        .add(c7y)
        .intoArray(x, c + 7 * Tile.COLUMNS + Lanes.COUNT);
  }

  private static void multiply4(float[] x, int a, int b, int depth, int c) {
    FloatVector c0x = FloatVector.zero(Lanes.F);
    FloatVector c0y = FloatVector.zero(Lanes.F);
    FloatVector c1x = FloatVector.zero(Lanes.F);
    FloatVector c1y = FloatVector.zero(Lanes.F);
    FloatVector c2x = FloatVector.zero(Lanes.F);
    FloatVector c2y = FloatVector.zero(Lanes.F);
    FloatVector c3x = FloatVector.zero(Lanes.F);
    FloatVector c3y = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS);
      FloatVector w = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS + Lanes.COUNT);
      FloatVector a0 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS]);
      c0x = a0.fma(v, c0x);
      c0y = a0.fma(w, c0y);
      FloatVector a1 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 1]);
      c1x = a1.fma(v, c1x);
      c1y = a1.fma(w, c1y);
      FloatVector a2 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 2]);
      c2x = a2.fma(v, c2x);
      c2y = a2.fma(w, c2y);
      FloatVector a3 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 3]);
      c3x = a3.fma(v, c3x);
      c3y = a3.fma(w, c3y);
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0x).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + Lanes.COUNT).add(c0y).intoArray(x, c + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS).add(c1x).intoArray(x, c + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS + Lanes.COUNT)
        .add(c1y)
        .intoArray(x, c + Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS)
        .add(c2x)
        .intoArray(x, c + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS + Lanes.COUNT)
        .add(c2y)
        .intoArray(x, c + 2 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS)
        .add(c3x)
        .intoArray(x, c + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS + Lanes.COUNT)
        .add(c3y)
        .intoArray(x, c + 3 * Tile.COLUMNS + Lanes.COUNT);
  }

  private static void narrow8(float[] x, int a, int b, int depth, int c) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    FloatVector c4 = FloatVector.zero(Lanes.F);
    FloatVector c5 = FloatVector.zero(Lanes.F);
    FloatVector c6 = FloatVector.zero(Lanes.F);
    FloatVector c7 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS);
      c0 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS]).fma(v, c0);
      c1 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 1]).fma(v, c1);
      c2 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 2]).fma(v, c2);
      c3 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 3]).fma(v, c3);
      c4 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 4]).fma(v, c4);
      c5 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 5]).fma(v, c5);
      c6 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 6]).fma(v, c6);
      c7 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 7]).fma(v, c7);
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS).add(c1).intoArray(x, c + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS)
        .add(c2)
        .intoArray(x, c + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS)
        .add(c3)
        .intoArray(x, c + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 4 * Tile.COLUMNS)
        .add(c4)
        .intoArray(x, c + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 5 * Tile.COLUMNS)
        .add(c5)
        .intoArray(x, c + 5 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 6 * Tile.COLUMNS)
        .add(c6)
        .intoArray(x, c + 6 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 7 * Tile.COLUMNS)
        .add(c7)
        .intoArray(x, c + 7 * Tile.COLUMNS);
  }

  private static void narrow4(float[] x, int a, int b, int depth, int c) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector v = FloatVector.fromArray(Lanes.F, x, b + k * Tile.COLUMNS);
      c0 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS]).fma(v, c0);
      c1 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 1]).fma(v, c1);
      c2 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 2]).fma(v, c2);
      c3 = FloatVector.broadcast(Lanes.F, x[a + k * Tile.COLUMNS + 3]).fma(v, c3);
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + Tile.COLUMNS).add(c1).intoArray(x, c + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 2 * Tile.COLUMNS)
        .add(c2)
        .intoArray(x, c + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, x, c + 3 * Tile.COLUMNS)
        .add(c3)
        .intoArray(x, c + 3 * Tile.COLUMNS);
  }
}
