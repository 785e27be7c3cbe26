package org.t3jvm.tensor.cpu.gemm;

import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * The innermost loops of every product. One local variable each accumulator, written out, keeps all
 * of them in registers. They start from zero and are added to memory at the end, or the compiler
 * spills them; the adding is written out too, since for a helper method it would box them.
 */
public final class MicroKernel {
  private MicroKernel() {}

  /**
   * {@code c += a b} for one tile.
   *
   * @param a {@link Tile#ROWS} rows, {@link Tile#DEPTH} elements apart
   * @param b rows of {@link Tile#COLUMNS} elements, one after the other
   * @param depth steps along the inner size, at most {@link Tile#DEPTH}
   * @param c the tile, row after row
   */
  public static void multiply(
      float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
    if (Tile.ROWS == 12) {
      multiply12(a, aStart, b, bStart, depth, c, cStart);
    } else {
      multiply6(a, aStart, b, bStart, depth, c, cStart);
    }
  }

  /**
   * The same where only {@code columns} of the tile's columns count: if they fit into one vector,
   * the others stay as they are.
   */
  public static void multiply(
      float[] a, int aStart, float[] b, int bStart, int depth, int columns, float[] c, int cStart) {
    if (columns > Lanes.COUNT) {
      multiply(a, aStart, b, bStart, depth, c, cStart);
    } else if (Tile.ROWS == 12) {
      narrow12(a, aStart, b, bStart, depth, c, cStart);
    } else {
      narrow6(a, aStart, b, bStart, depth, c, cStart);
    }
  }

  private static void multiply12(
      float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
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
    FloatVector c8x = FloatVector.zero(Lanes.F);
    FloatVector c8y = FloatVector.zero(Lanes.F);
    FloatVector c9x = FloatVector.zero(Lanes.F);
    FloatVector c9y = FloatVector.zero(Lanes.F);
    FloatVector c10x = FloatVector.zero(Lanes.F);
    FloatVector c10y = FloatVector.zero(Lanes.F);
    FloatVector c11x = FloatVector.zero(Lanes.F);
    FloatVector c11y = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS);
      FloatVector y = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS + Lanes.COUNT);
      FloatVector a0 = FloatVector.broadcast(Lanes.F, a[aStart + k]);
      c0x = a0.fma(x, c0x);
      c0y = a0.fma(y, c0y);
      FloatVector a1 = FloatVector.broadcast(Lanes.F, a[aStart + k + Tile.DEPTH]);
      c1x = a1.fma(x, c1x);
      c1y = a1.fma(y, c1y);
      FloatVector a2 = FloatVector.broadcast(Lanes.F, a[aStart + k + 2 * Tile.DEPTH]);
      c2x = a2.fma(x, c2x);
      c2y = a2.fma(y, c2y);
      FloatVector a3 = FloatVector.broadcast(Lanes.F, a[aStart + k + 3 * Tile.DEPTH]);
      c3x = a3.fma(x, c3x);
      c3y = a3.fma(y, c3y);
      FloatVector a4 = FloatVector.broadcast(Lanes.F, a[aStart + k + 4 * Tile.DEPTH]);
      c4x = a4.fma(x, c4x);
      c4y = a4.fma(y, c4y);
      FloatVector a5 = FloatVector.broadcast(Lanes.F, a[aStart + k + 5 * Tile.DEPTH]);
      c5x = a5.fma(x, c5x);
      c5y = a5.fma(y, c5y);
      FloatVector a6 = FloatVector.broadcast(Lanes.F, a[aStart + k + 6 * Tile.DEPTH]);
      c6x = a6.fma(x, c6x);
      c6y = a6.fma(y, c6y);
      FloatVector a7 = FloatVector.broadcast(Lanes.F, a[aStart + k + 7 * Tile.DEPTH]);
      c7x = a7.fma(x, c7x);
      c7y = a7.fma(y, c7y);
      FloatVector a8 = FloatVector.broadcast(Lanes.F, a[aStart + k + 8 * Tile.DEPTH]);
      c8x = a8.fma(x, c8x);
      c8y = a8.fma(y, c8y);
      FloatVector a9 = FloatVector.broadcast(Lanes.F, a[aStart + k + 9 * Tile.DEPTH]);
      c9x = a9.fma(x, c9x);
      c9y = a9.fma(y, c9y);
      FloatVector a10 = FloatVector.broadcast(Lanes.F, a[aStart + k + 10 * Tile.DEPTH]);
      c10x = a10.fma(x, c10x);
      c10y = a10.fma(y, c10y);
      FloatVector a11 = FloatVector.broadcast(Lanes.F, a[aStart + k + 11 * Tile.DEPTH]);
      c11x = a11.fma(x, c11x);
      c11y = a11.fma(y, c11y);
    }
    FloatVector.fromArray(Lanes.F, c, cStart).add(c0x).intoArray(c, cStart);
    FloatVector.fromArray(Lanes.F, c, cStart + Lanes.COUNT)
        .add(c0y)
        .intoArray(c, cStart + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS)
        .add(c1x)
        .intoArray(c, cStart + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS + Lanes.COUNT)
        .add(c1y)
        .intoArray(c, cStart + Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS)
        .add(c2x)
        .intoArray(c, cStart + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS + Lanes.COUNT)
        .add(c2y)
        .intoArray(c, cStart + 2 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS)
        .add(c3x)
        .intoArray(c, cStart + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS + Lanes.COUNT)
        .add(c3y)
        .intoArray(c, cStart + 3 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS)
        .add(c4x)
        .intoArray(c, cStart + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS + Lanes.COUNT)
        .add(c4y)
        .intoArray(c, cStart + 4 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS)
        .add(c5x)
        .intoArray(c, cStart + 5 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS + Lanes.COUNT)
        .add(c5y)
        .intoArray(c, cStart + 5 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 6 * Tile.COLUMNS)
        .add(c6x)
        .intoArray(c, cStart + 6 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 6 * Tile.COLUMNS + Lanes.COUNT)
        .add(c6y)
        .intoArray(c, cStart + 6 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 7 * Tile.COLUMNS)
        .add(c7x)
        .intoArray(c, cStart + 7 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 7 * Tile.COLUMNS + Lanes.COUNT)
        .add(c7y)
        .intoArray(c, cStart + 7 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 8 * Tile.COLUMNS)
        .add(c8x)
        .intoArray(c, cStart + 8 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 8 * Tile.COLUMNS + Lanes.COUNT)
        .add(c8y)
        .intoArray(c, cStart + 8 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 9 * Tile.COLUMNS)
        .add(c9x)
        .intoArray(c, cStart + 9 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 9 * Tile.COLUMNS + Lanes.COUNT)
        .add(c9y)
        .intoArray(c, cStart + 9 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 10 * Tile.COLUMNS)
        .add(c10x)
        .intoArray(c, cStart + 10 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 10 * Tile.COLUMNS + Lanes.COUNT)
        .add(c10y)
        .intoArray(c, cStart + 10 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 11 * Tile.COLUMNS)
        .add(c11x)
        .intoArray(c, cStart + 11 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 11 * Tile.COLUMNS + Lanes.COUNT)
        .add(c11y)
        .intoArray(c, cStart + 11 * Tile.COLUMNS + Lanes.COUNT);
  }

  private static void multiply6(
      float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
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
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS);
      FloatVector y = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS + Lanes.COUNT);
      FloatVector a0 = FloatVector.broadcast(Lanes.F, a[aStart + k]);
      c0x = a0.fma(x, c0x);
      c0y = a0.fma(y, c0y);
      FloatVector a1 = FloatVector.broadcast(Lanes.F, a[aStart + k + Tile.DEPTH]);
      c1x = a1.fma(x, c1x);
      c1y = a1.fma(y, c1y);
      FloatVector a2 = FloatVector.broadcast(Lanes.F, a[aStart + k + 2 * Tile.DEPTH]);
      c2x = a2.fma(x, c2x);
      c2y = a2.fma(y, c2y);
      FloatVector a3 = FloatVector.broadcast(Lanes.F, a[aStart + k + 3 * Tile.DEPTH]);
      c3x = a3.fma(x, c3x);
      c3y = a3.fma(y, c3y);
      FloatVector a4 = FloatVector.broadcast(Lanes.F, a[aStart + k + 4 * Tile.DEPTH]);
      c4x = a4.fma(x, c4x);
      c4y = a4.fma(y, c4y);
      FloatVector a5 = FloatVector.broadcast(Lanes.F, a[aStart + k + 5 * Tile.DEPTH]);
      c5x = a5.fma(x, c5x);
      c5y = a5.fma(y, c5y);
    }
    FloatVector.fromArray(Lanes.F, c, cStart).add(c0x).intoArray(c, cStart);
    FloatVector.fromArray(Lanes.F, c, cStart + Lanes.COUNT)
        .add(c0y)
        .intoArray(c, cStart + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS)
        .add(c1x)
        .intoArray(c, cStart + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS + Lanes.COUNT)
        .add(c1y)
        .intoArray(c, cStart + Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS)
        .add(c2x)
        .intoArray(c, cStart + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS + Lanes.COUNT)
        .add(c2y)
        .intoArray(c, cStart + 2 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS)
        .add(c3x)
        .intoArray(c, cStart + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS + Lanes.COUNT)
        .add(c3y)
        .intoArray(c, cStart + 3 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS)
        .add(c4x)
        .intoArray(c, cStart + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS + Lanes.COUNT)
        .add(c4y)
        .intoArray(c, cStart + 4 * Tile.COLUMNS + Lanes.COUNT);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS)
        .add(c5x)
        .intoArray(c, cStart + 5 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS + Lanes.COUNT)
        .add(c5y)
        .intoArray(c, cStart + 5 * Tile.COLUMNS + Lanes.COUNT);
  }

  private static void narrow12(
      float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    FloatVector c4 = FloatVector.zero(Lanes.F);
    FloatVector c5 = FloatVector.zero(Lanes.F);
    FloatVector c6 = FloatVector.zero(Lanes.F);
    FloatVector c7 = FloatVector.zero(Lanes.F);
    FloatVector c8 = FloatVector.zero(Lanes.F);
    FloatVector c9 = FloatVector.zero(Lanes.F);
    FloatVector c10 = FloatVector.zero(Lanes.F);
    FloatVector c11 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS);
      c0 = FloatVector.broadcast(Lanes.F, a[aStart + k]).fma(x, c0);
      c1 = FloatVector.broadcast(Lanes.F, a[aStart + k + Tile.DEPTH]).fma(x, c1);
      c2 = FloatVector.broadcast(Lanes.F, a[aStart + k + 2 * Tile.DEPTH]).fma(x, c2);
      c3 = FloatVector.broadcast(Lanes.F, a[aStart + k + 3 * Tile.DEPTH]).fma(x, c3);
      c4 = FloatVector.broadcast(Lanes.F, a[aStart + k + 4 * Tile.DEPTH]).fma(x, c4);
      c5 = FloatVector.broadcast(Lanes.F, a[aStart + k + 5 * Tile.DEPTH]).fma(x, c5);
      c6 = FloatVector.broadcast(Lanes.F, a[aStart + k + 6 * Tile.DEPTH]).fma(x, c6);
      c7 = FloatVector.broadcast(Lanes.F, a[aStart + k + 7 * Tile.DEPTH]).fma(x, c7);
      c8 = FloatVector.broadcast(Lanes.F, a[aStart + k + 8 * Tile.DEPTH]).fma(x, c8);
      c9 = FloatVector.broadcast(Lanes.F, a[aStart + k + 9 * Tile.DEPTH]).fma(x, c9);
      c10 = FloatVector.broadcast(Lanes.F, a[aStart + k + 10 * Tile.DEPTH]).fma(x, c10);
      c11 = FloatVector.broadcast(Lanes.F, a[aStart + k + 11 * Tile.DEPTH]).fma(x, c11);
    }
    FloatVector.fromArray(Lanes.F, c, cStart).add(c0).intoArray(c, cStart);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS)
        .add(c1)
        .intoArray(c, cStart + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS)
        .add(c2)
        .intoArray(c, cStart + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS)
        .add(c3)
        .intoArray(c, cStart + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS)
        .add(c4)
        .intoArray(c, cStart + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS)
        .add(c5)
        .intoArray(c, cStart + 5 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 6 * Tile.COLUMNS)
        .add(c6)
        .intoArray(c, cStart + 6 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 7 * Tile.COLUMNS)
        .add(c7)
        .intoArray(c, cStart + 7 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 8 * Tile.COLUMNS)
        .add(c8)
        .intoArray(c, cStart + 8 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 9 * Tile.COLUMNS)
        .add(c9)
        .intoArray(c, cStart + 9 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 10 * Tile.COLUMNS)
        .add(c10)
        .intoArray(c, cStart + 10 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 11 * Tile.COLUMNS)
        .add(c11)
        .intoArray(c, cStart + 11 * Tile.COLUMNS);
  }

  private static void narrow6(
      float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    FloatVector c4 = FloatVector.zero(Lanes.F);
    FloatVector c5 = FloatVector.zero(Lanes.F);
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Lanes.F, b, bStart + k * Tile.COLUMNS);
      c0 = FloatVector.broadcast(Lanes.F, a[aStart + k]).fma(x, c0);
      c1 = FloatVector.broadcast(Lanes.F, a[aStart + k + Tile.DEPTH]).fma(x, c1);
      c2 = FloatVector.broadcast(Lanes.F, a[aStart + k + 2 * Tile.DEPTH]).fma(x, c2);
      c3 = FloatVector.broadcast(Lanes.F, a[aStart + k + 3 * Tile.DEPTH]).fma(x, c3);
      c4 = FloatVector.broadcast(Lanes.F, a[aStart + k + 4 * Tile.DEPTH]).fma(x, c4);
      c5 = FloatVector.broadcast(Lanes.F, a[aStart + k + 5 * Tile.DEPTH]).fma(x, c5);
    }
    FloatVector.fromArray(Lanes.F, c, cStart).add(c0).intoArray(c, cStart);
    FloatVector.fromArray(Lanes.F, c, cStart + Tile.COLUMNS)
        .add(c1)
        .intoArray(c, cStart + Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 2 * Tile.COLUMNS)
        .add(c2)
        .intoArray(c, cStart + 2 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 3 * Tile.COLUMNS)
        .add(c3)
        .intoArray(c, cStart + 3 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 4 * Tile.COLUMNS)
        .add(c4)
        .intoArray(c, cStart + 4 * Tile.COLUMNS);
    FloatVector.fromArray(Lanes.F, c, cStart + 5 * Tile.COLUMNS)
        .add(c5)
        .intoArray(c, cStart + 5 * Tile.COLUMNS);
  }
}
