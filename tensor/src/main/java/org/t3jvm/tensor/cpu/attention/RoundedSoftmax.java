package org.t3jvm.tensor.cpu.attention;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Pairs;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * {@link OnlineSoftmax} of a panel's scores to weights as pairs of BF16. In between they lie in an
 * array: its loops are twice as fast as those over a segment.
 */
final class RoundedSoftmax {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private RoundedSoftmax() {}

  /**
   * Turns {@code keys} rows of scores into weights; their sums are those before rounding.
   *
   * @param scale what scores are multiplied by to be powers of 2
   * @return whether a largest score rose; otherwise all rescaling factors are 1
   */
  static boolean run(Scratch scratch, RoundedBlocks blocks, int panel, int keys, float scale) {
    float[] x = scratch.floats();
    boolean rose = false;
    for (int lane = 0; lane < Tiles.COLUMNS; lane += Lanes.COUNT) {
      int at = place(lane);
      load(scratch.memory(), blocks.scores() / Float.BYTES + lane, keys, scale, x, at);
      int max = blocks.max(panel) + lane;
      int sum = blocks.sum(panel) + lane;
      rose |= OnlineSoftmax.lanes(x, at, keys, max, sum, blocks.rescale() + lane);
      round(x, at, keys, scratch.memory(), blocks.weights() + (long) lane * Tiles.PAIR);
    }
    return rose;
  }

  /** Where a lane's scores lie in the array: in panels as the softmax wants them. */
  private static int place(int lane) {
    return lane / Tile.COLUMNS * RoundedBlocks.KEYS * Tile.COLUMNS + lane % Tile.COLUMNS;
  }

  private static void load(
      MemorySegment memory, long from, int keys, float scale, float[] x, int at) {
    for (int key = 0; key < keys; key++) {
      Lanes.load(memory, from + (long) key * Tiles.COLUMNS)
          .mul(scale)
          .intoArray(x, at + key * Tile.COLUMNS);
    }
  }

  private static void round(float[] x, int at, int keys, MemorySegment memory, long to) {
    int pairs = keys / 2;
    for (int pair = 0; pair < pairs; pair++) {
      int first = at + 2 * pair * Tile.COLUMNS;
      Pairs.of(
              FloatVector.fromArray(Lanes.F, x, first),
              FloatVector.fromArray(Lanes.F, x, first + Tile.COLUMNS))
          .intoMemorySegment(memory, to + (long) pair * Tiles.PANEL_PAIR, ORDER);
    }
    if (2 * pairs < keys) {
      Pairs.of(
              FloatVector.fromArray(Lanes.F, x, at + 2 * pairs * Tile.COLUMNS),
              FloatVector.zero(Lanes.F))
          .intoMemorySegment(memory, to + (long) pairs * Tiles.PANEL_PAIR, ORDER);
    }
  }
}
