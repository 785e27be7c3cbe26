package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Tiles of int8 by the Vector API: codes as floats, of which sums of a block's products are below
 * 2^24 and so exact. Two rows by one vector at a time.
 */
final class VectorBlocks implements Tiles {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ORDER);
  private static final int WORDS = Blocks.WORDS;
  private static final int ROW_UNIT = TileKind.INT8.rowUnit();
  private static final int PANEL_UNIT = TileKind.INT8.panelUnit();
  private static final long SCALE_OF_ROW = 4L * WORDS;
  private static final long SCALES_OF_PANEL = 4L * (WORDS + 1) * COLUMNS;

  @Override
  public TileKind kind() {
    return TileKind.INT8;
  }

  @Override
  public void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int units,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds) {
    for (int column = 0; column < columns; column += Lanes.COUNT) {
      VectorMask<Float> mask = Lanes.first(columns - column);
      long panel = bAt + (long) column * Integer.BYTES;
      long to = cAt + (long) column * Float.BYTES;
      for (int row = 0; row < rows; row += 2) {
        // The last of an odd number is computed twice.
        int second = Math.min(row + 1, rows - 1);
        rows2(
            a,
            aAt + row * aStride,
            aAt + second * aStride,
            b,
            panel,
            units,
            c,
            to + row * cStride,
            to + second * cStride,
            mask,
            adds);
      }
    }
  }

  private static void rows2(
      MemorySegment a,
      long first,
      long second,
      MemorySegment b,
      long bAt,
      int units,
      MemorySegment c,
      long toFirst,
      long toSecond,
      VectorMask<Float> mask,
      boolean adds) {
    FloatVector sum0 = VectorTiles.start(c, toFirst, mask, adds);
    FloatVector sum1 = VectorTiles.start(c, toSecond, mask, adds);
    for (int unit = 0; unit < units; unit++) {
      long x0 = first + (long) unit * ROW_UNIT;
      long x1 = second + (long) unit * ROW_UNIT;
      long panel = bAt + (long) unit * PANEL_UNIT;
      FloatVector products0 = FloatVector.zero(Lanes.F);
      FloatVector products1 = FloatVector.zero(Lanes.F);
      for (int word = 0; word < WORDS; word++) {
        long columns = panel + 4L * word * COLUMNS;
        IntVector w = IntVector.fromMemorySegment(Lanes.I, b, columns, ORDER);
        int word0 = Blocks.signed(a.get(WORD, x0 + 4L * word));
        int word1 = Blocks.signed(a.get(WORD, x1 + 4L * word));
        FloatVector y0 = code(w, 0);
        FloatVector y1 = code(w, 1);
        FloatVector y2 = code(w, 2);
        FloatVector y3 = code(w, 3);
        products0 = y0.fma(code(word0, 0), products0);
        products1 = y0.fma(code(word1, 0), products1);
        products0 = y1.fma(code(word0, 1), products0);
        products1 = y1.fma(code(word1, 1), products1);
        products0 = y2.fma(code(word0, 2), products0);
        products1 = y2.fma(code(word1, 2), products1);
        products0 = y3.fma(code(word0, 3), products0);
        products1 = y3.fma(code(word1, 3), products1);
      }
      FloatVector scales =
          FloatVector.fromMemorySegment(Lanes.F, b, panel + SCALES_OF_PANEL, ORDER);
      sum0 = products0.fma(scales.mul(a.get(FLOAT, x0 + SCALE_OF_ROW)), sum0);
      sum1 = products1.fma(scales.mul(a.get(FLOAT, x1 + SCALE_OF_ROW)), sum1);
    }
    sum0.intoMemorySegment(c, toFirst, ORDER, mask);
    sum1.intoMemorySegment(c, toSecond, ORDER, mask);
  }

  private static FloatVector code(IntVector words, int code) {
    return (FloatVector) Blocks.code(words, code).convertShape(VectorOperators.I2F, Lanes.F, 0);
  }

  private static FloatVector code(int word, int code) {
    return FloatVector.broadcast(Lanes.F, (float) (byte) (word >> (8 * code)));
  }
}
