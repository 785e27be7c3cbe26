package org.t3jvm.tensor.cpu.conv;

import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * The innermost loops of {@link ConvWeightStrips}: {@code c += b^T a} over the positions of some
 * rows, for eight outputs and one or two vectors of what positions see.
 */
final class WeightTiles {
  /** Outputs of a tile. */
  static final int OUTPUTS = 8;

  private WeightTiles() {}

  /**
   * Rows of positions that are summed together.
   *
   * @param count rows
   * @param positions of a row
   * @param step floats from what a position sees to what the next one sees
   * @param stride floats of a row of what is seen
   * @param outputs floats from a position's outputs to the next one's
   * @param sums floats from the sums of an output to those of the next
   */
  record Rows(int count, int positions, int step, int stride, int outputs, int sums) {}

  /** How many of the vectors that are left are summed at once. */
  static int vectors(int left) {
    return Tile.ROWS == 12 ? Math.min(2, left) : 1;
  }

  /**
   * Adds a tile's sums.
   *
   * @param x holds all three
   * @param a what the first position sees
   * @param b outputs of the first position
   * @param c sums of the first output
   */
  static void add(float[] x, Rows rows, int vectors, int a, int b, int c) {
    if (vectors == 2) {
      wide(x, rows, a, b, c);
    } else {
      narrow(x, rows, a, b, c);
    }
  }

  private static void narrow(float[] x, Rows rows, int a, int b, int c) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    FloatVector c4 = FloatVector.zero(Lanes.F);
    FloatVector c5 = FloatVector.zero(Lanes.F);
    FloatVector c6 = FloatVector.zero(Lanes.F);
    FloatVector c7 = FloatVector.zero(Lanes.F);
    int positions = rows.positions();
    int step = rows.step();
    int outputs = rows.outputs();
    for (int row = 0; row < rows.count(); row++) {
      int seen = a + row * rows.stride();
      int at = b + row * positions * outputs;
      for (int i = 0; i < positions; i++) {
        FloatVector s = FloatVector.fromArray(Lanes.F, x, seen);
        c0 = FloatVector.broadcast(Lanes.F, x[at]).fma(s, c0);
        c1 = FloatVector.broadcast(Lanes.F, x[at + 1]).fma(s, c1);
        c2 = FloatVector.broadcast(Lanes.F, x[at + 2]).fma(s, c2);
        c3 = FloatVector.broadcast(Lanes.F, x[at + 3]).fma(s, c3);
        c4 = FloatVector.broadcast(Lanes.F, x[at + 4]).fma(s, c4);
        c5 = FloatVector.broadcast(Lanes.F, x[at + 5]).fma(s, c5);
        c6 = FloatVector.broadcast(Lanes.F, x[at + 6]).fma(s, c6);
        c7 = FloatVector.broadcast(Lanes.F, x[at + 7]).fma(s, c7);
        seen += step;
        at += outputs;
      }
    }
    int sums = rows.sums();
    FloatVector.fromArray(Lanes.F, x, c).add(c0).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + sums).add(c1).intoArray(x, c + sums);
    FloatVector.fromArray(Lanes.F, x, c + 2 * sums).add(c2).intoArray(x, c + 2 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 3 * sums).add(c3).intoArray(x, c + 3 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 4 * sums).add(c4).intoArray(x, c + 4 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 5 * sums).add(c5).intoArray(x, c + 5 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 6 * sums).add(c6).intoArray(x, c + 6 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 7 * sums).add(c7).intoArray(x, c + 7 * sums);
  }

  private static void wide(float[] x, Rows rows, int a, int b, int c) {
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
    int positions = rows.positions();
    int step = rows.step();
    int outputs = rows.outputs();
    for (int row = 0; row < rows.count(); row++) {
      int seen = a + row * rows.stride();
      int at = b + row * positions * outputs;
      for (int i = 0; i < positions; i++) {
        FloatVector sx = FloatVector.fromArray(Lanes.F, x, seen);
        FloatVector sy = FloatVector.fromArray(Lanes.F, x, seen + Lanes.COUNT);
        FloatVector d0 = FloatVector.broadcast(Lanes.F, x[at]);
        c0x = d0.fma(sx, c0x);
        c0y = d0.fma(sy, c0y);
        FloatVector d1 = FloatVector.broadcast(Lanes.F, x[at + 1]);
        c1x = d1.fma(sx, c1x);
        c1y = d1.fma(sy, c1y);
        FloatVector d2 = FloatVector.broadcast(Lanes.F, x[at + 2]);
        c2x = d2.fma(sx, c2x);
        c2y = d2.fma(sy, c2y);
        FloatVector d3 = FloatVector.broadcast(Lanes.F, x[at + 3]);
        c3x = d3.fma(sx, c3x);
        c3y = d3.fma(sy, c3y);
        FloatVector d4 = FloatVector.broadcast(Lanes.F, x[at + 4]);
        c4x = d4.fma(sx, c4x);
        c4y = d4.fma(sy, c4y);
        FloatVector d5 = FloatVector.broadcast(Lanes.F, x[at + 5]);
        c5x = d5.fma(sx, c5x);
        c5y = d5.fma(sy, c5y);
        FloatVector d6 = FloatVector.broadcast(Lanes.F, x[at + 6]);
        c6x = d6.fma(sx, c6x);
        c6y = d6.fma(sy, c6y);
        FloatVector d7 = FloatVector.broadcast(Lanes.F, x[at + 7]);
        c7x = d7.fma(sx, c7x);
        c7y = d7.fma(sy, c7y);
        seen += step;
        at += outputs;
      }
    }
    int sums = rows.sums();
    int d = c + Lanes.COUNT;
    FloatVector.fromArray(Lanes.F, x, c).add(c0x).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, d).add(c0y).intoArray(x, d);
    FloatVector.fromArray(Lanes.F, x, c + sums).add(c1x).intoArray(x, c + sums);
    FloatVector.fromArray(Lanes.F, x, d + sums).add(c1y).intoArray(x, d + sums);
    FloatVector.fromArray(Lanes.F, x, c + 2 * sums).add(c2x).intoArray(x, c + 2 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 2 * sums).add(c2y).intoArray(x, d + 2 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 3 * sums).add(c3x).intoArray(x, c + 3 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 3 * sums).add(c3y).intoArray(x, d + 3 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 4 * sums).add(c4x).intoArray(x, c + 4 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 4 * sums).add(c4y).intoArray(x, d + 4 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 5 * sums).add(c5x).intoArray(x, c + 5 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 5 * sums).add(c5y).intoArray(x, d + 5 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 6 * sums).add(c6x).intoArray(x, c + 6 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 6 * sums).add(c6y).intoArray(x, d + 6 * sums);
    FloatVector.fromArray(Lanes.F, x, c + 7 * sums).add(c7x).intoArray(x, c + 7 * sums);
    FloatVector.fromArray(Lanes.F, x, d + 7 * sums).add(c7y).intoArray(x, d + 7 * sums);
  }
}
