package org.t3jvm.tensor.cpu.conv;

import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * The innermost loops of {@link ConvStrips}: {@code c += a b} for twelve neighbouring positions,
 * whose fields lie in packed lines and overlap there. A part of the depth is a number of runs, each
 * contiguous within a line; sums start from zero for each part, as those of {@link
 * org.t3jvm.tensor.cpu.gemm.MicroKernel} do, so that both give the same bits.
 */
final class StripTiles {
  /** Positions of a tile. */
  static final int POSITIONS = 12;

  private StripTiles() {}

  /**
   * One vector of columns.
   *
   * @param x holds lines, columns and sums
   * @param starts where each run starts in the lines, for the position at 0
   * @param lengths of the runs
   * @param at the first position's offset in a line, the others {@code step} apart
   * @param b the part's rows of {@link Tile#COLUMNS} columns
   * @param c sums of the first position, the others {@code row} apart
   */
  static void narrow(
      float[] x, int[] starts, int[] lengths, int at, int step, int b, int c, int row) {
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
    int from = b;
    for (int run = 0; run < starts.length; run++) {
      int a = starts[run] + at;
      int length = lengths[run];
      for (int k = 0; k < length; k++) {
        FloatVector w = FloatVector.fromArray(Lanes.F, x, from + k * Tile.COLUMNS);
        c0 = FloatVector.broadcast(Lanes.F, x[a + k]).fma(w, c0);
        c1 = FloatVector.broadcast(Lanes.F, x[a + k + step]).fma(w, c1);
        c2 = FloatVector.broadcast(Lanes.F, x[a + k + 2 * step]).fma(w, c2);
        c3 = FloatVector.broadcast(Lanes.F, x[a + k + 3 * step]).fma(w, c3);
        c4 = FloatVector.broadcast(Lanes.F, x[a + k + 4 * step]).fma(w, c4);
        c5 = FloatVector.broadcast(Lanes.F, x[a + k + 5 * step]).fma(w, c5);
        c6 = FloatVector.broadcast(Lanes.F, x[a + k + 6 * step]).fma(w, c6);
        c7 = FloatVector.broadcast(Lanes.F, x[a + k + 7 * step]).fma(w, c7);
        c8 = FloatVector.broadcast(Lanes.F, x[a + k + 8 * step]).fma(w, c8);
        c9 = FloatVector.broadcast(Lanes.F, x[a + k + 9 * step]).fma(w, c9);
        c10 = FloatVector.broadcast(Lanes.F, x[a + k + 10 * step]).fma(w, c10);
        c11 = FloatVector.broadcast(Lanes.F, x[a + k + 11 * step]).fma(w, c11);
      }
      from += length * Tile.COLUMNS;
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + row).add(c1).intoArray(x, c + row);
    FloatVector.fromArray(Lanes.F, x, c + 2 * row).add(c2).intoArray(x, c + 2 * row);
    FloatVector.fromArray(Lanes.F, x, c + 3 * row).add(c3).intoArray(x, c + 3 * row);
    FloatVector.fromArray(Lanes.F, x, c + 4 * row).add(c4).intoArray(x, c + 4 * row);
    FloatVector.fromArray(Lanes.F, x, c + 5 * row).add(c5).intoArray(x, c + 5 * row);
    FloatVector.fromArray(Lanes.F, x, c + 6 * row).add(c6).intoArray(x, c + 6 * row);
    FloatVector.fromArray(Lanes.F, x, c + 7 * row).add(c7).intoArray(x, c + 7 * row);
    FloatVector.fromArray(Lanes.F, x, c + 8 * row).add(c8).intoArray(x, c + 8 * row);
    FloatVector.fromArray(Lanes.F, x, c + 9 * row).add(c9).intoArray(x, c + 9 * row);
    FloatVector.fromArray(Lanes.F, x, c + 10 * row).add(c10).intoArray(x, c + 10 * row);
    FloatVector.fromArray(Lanes.F, x, c + 11 * row).add(c11).intoArray(x, c + 11 * row);
  }

  /** Two vectors of columns; takes what {@link #narrow} takes. */
  static void wide(
      float[] x, int[] starts, int[] lengths, int at, int step, int b, int c, int row) {
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
    int from = b;
    for (int run = 0; run < starts.length; run++) {
      int a = starts[run] + at;
      int length = lengths[run];
      for (int k = 0; k < length; k++) {
        FloatVector wx = FloatVector.fromArray(Lanes.F, x, from + k * Tile.COLUMNS);
        FloatVector wy = FloatVector.fromArray(Lanes.F, x, from + k * Tile.COLUMNS + Lanes.COUNT);
        FloatVector a0 = FloatVector.broadcast(Lanes.F, x[a + k]);
        c0x = a0.fma(wx, c0x);
        c0y = a0.fma(wy, c0y);
        FloatVector a1 = FloatVector.broadcast(Lanes.F, x[a + k + step]);
        c1x = a1.fma(wx, c1x);
        c1y = a1.fma(wy, c1y);
        FloatVector a2 = FloatVector.broadcast(Lanes.F, x[a + k + 2 * step]);
        c2x = a2.fma(wx, c2x);
        c2y = a2.fma(wy, c2y);
        FloatVector a3 = FloatVector.broadcast(Lanes.F, x[a + k + 3 * step]);
        c3x = a3.fma(wx, c3x);
        c3y = a3.fma(wy, c3y);
        FloatVector a4 = FloatVector.broadcast(Lanes.F, x[a + k + 4 * step]);
        c4x = a4.fma(wx, c4x);
        c4y = a4.fma(wy, c4y);
        FloatVector a5 = FloatVector.broadcast(Lanes.F, x[a + k + 5 * step]);
        c5x = a5.fma(wx, c5x);
        c5y = a5.fma(wy, c5y);
        FloatVector a6 = FloatVector.broadcast(Lanes.F, x[a + k + 6 * step]);
        c6x = a6.fma(wx, c6x);
        c6y = a6.fma(wy, c6y);
        FloatVector a7 = FloatVector.broadcast(Lanes.F, x[a + k + 7 * step]);
        c7x = a7.fma(wx, c7x);
        c7y = a7.fma(wy, c7y);
        FloatVector a8 = FloatVector.broadcast(Lanes.F, x[a + k + 8 * step]);
        c8x = a8.fma(wx, c8x);
        c8y = a8.fma(wy, c8y);
        FloatVector a9 = FloatVector.broadcast(Lanes.F, x[a + k + 9 * step]);
        c9x = a9.fma(wx, c9x);
        c9y = a9.fma(wy, c9y);
        FloatVector a10 = FloatVector.broadcast(Lanes.F, x[a + k + 10 * step]);
        c10x = a10.fma(wx, c10x);
        c10y = a10.fma(wy, c10y);
        FloatVector a11 = FloatVector.broadcast(Lanes.F, x[a + k + 11 * step]);
        c11x = a11.fma(wx, c11x);
        c11y = a11.fma(wy, c11y);
      }
      from += length * Tile.COLUMNS;
    }
    int d = c + Lanes.COUNT;
    FloatVector.fromArray(Lanes.F, x, c).add(c0x).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, d).add(c0y).intoArray(x, d);
    FloatVector.fromArray(Lanes.F, x, c + row).add(c1x).intoArray(x, c + row);
    FloatVector.fromArray(Lanes.F, x, d + row).add(c1y).intoArray(x, d + row);
    FloatVector.fromArray(Lanes.F, x, c + 2 * row).add(c2x).intoArray(x, c + 2 * row);
    FloatVector.fromArray(Lanes.F, x, d + 2 * row).add(c2y).intoArray(x, d + 2 * row);
    FloatVector.fromArray(Lanes.F, x, c + 3 * row).add(c3x).intoArray(x, c + 3 * row);
    FloatVector.fromArray(Lanes.F, x, d + 3 * row).add(c3y).intoArray(x, d + 3 * row);
    FloatVector.fromArray(Lanes.F, x, c + 4 * row).add(c4x).intoArray(x, c + 4 * row);
    FloatVector.fromArray(Lanes.F, x, d + 4 * row).add(c4y).intoArray(x, d + 4 * row);
    FloatVector.fromArray(Lanes.F, x, c + 5 * row).add(c5x).intoArray(x, c + 5 * row);
    FloatVector.fromArray(Lanes.F, x, d + 5 * row).add(c5y).intoArray(x, d + 5 * row);
    FloatVector.fromArray(Lanes.F, x, c + 6 * row).add(c6x).intoArray(x, c + 6 * row);
    FloatVector.fromArray(Lanes.F, x, d + 6 * row).add(c6y).intoArray(x, d + 6 * row);
    FloatVector.fromArray(Lanes.F, x, c + 7 * row).add(c7x).intoArray(x, c + 7 * row);
    FloatVector.fromArray(Lanes.F, x, d + 7 * row).add(c7y).intoArray(x, d + 7 * row);
    FloatVector.fromArray(Lanes.F, x, c + 8 * row).add(c8x).intoArray(x, c + 8 * row);
    FloatVector.fromArray(Lanes.F, x, d + 8 * row).add(c8y).intoArray(x, d + 8 * row);
    FloatVector.fromArray(Lanes.F, x, c + 9 * row).add(c9x).intoArray(x, c + 9 * row);
    FloatVector.fromArray(Lanes.F, x, d + 9 * row).add(c9y).intoArray(x, d + 9 * row);
    FloatVector.fromArray(Lanes.F, x, c + 10 * row).add(c10x).intoArray(x, c + 10 * row);
    FloatVector.fromArray(Lanes.F, x, d + 10 * row).add(c10y).intoArray(x, d + 10 * row);
    FloatVector.fromArray(Lanes.F, x, c + 11 * row).add(c11x).intoArray(x, c + 11 * row);
    FloatVector.fromArray(Lanes.F, x, d + 11 * row).add(c11y).intoArray(x, d + 11 * row);
  }
}
