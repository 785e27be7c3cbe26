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
 * Tiles of BF16 by the Vector API, which widens what it multiplies: four rows by one vector at a
 * time.
 */
final class VectorTiles implements Tiles {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
  private static final ValueLayout.OfInt PAIRS = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);
  private static final int UPPER = 0xFFFF0000;
  private static final int GROUP = 4;

  @Override
  public TileKind kind() {
    return TileKind.BF16;
  }

  @Override
  public void multiply(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int pairs,
      MemorySegment c,
      long cAt,
      long cStride,
      int rows,
      int columns,
      boolean adds) {
    for (int column = 0; column < columns; column += Lanes.COUNT) {
      VectorMask<Float> mask = Lanes.first(columns - column);
      long panel = bAt + (long) column * PAIR;
      long to = cAt + (long) column * Float.BYTES;
      int row = 0;
      for (; row + GROUP <= rows; row += GROUP) {
        long sums = to + row * cStride;
        rows4(a, aAt + row * aStride, aStride, b, panel, pairs, c, sums, cStride, mask, adds);
      }
      for (; row < rows; row++) {
        row(a, aAt + row * aStride, b, panel, pairs, c, to + row * cStride, mask, adds);
      }
    }
  }

  private static void rows4(
      MemorySegment a,
      long aAt,
      long aStride,
      MemorySegment b,
      long bAt,
      int pairs,
      MemorySegment c,
      long cAt,
      long cStride,
      VectorMask<Float> mask,
      boolean adds) {
    FloatVector c0 = start(c, cAt, mask, adds);
    FloatVector c1 = start(c, cAt + cStride, mask, adds);
    FloatVector c2 = start(c, cAt + 2 * cStride, mask, adds);
    FloatVector c3 = start(c, cAt + 3 * cStride, mask, adds);
    for (int pair = 0; pair < pairs; pair++) {
      IntVector w = IntVector.fromMemorySegment(Lanes.I, b, bAt + (long) pair * PANEL_PAIR, ORDER);
      FloatVector upper = w.and(UPPER).reinterpretAsFloats();
      FloatVector lower = w.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
      long at = aAt + (long) pair * PAIR;
      int x0 = a.get(PAIRS, at);
      int x1 = a.get(PAIRS, at + aStride);
      int x2 = a.get(PAIRS, at + 2 * aStride);
      int x3 = a.get(PAIRS, at + 3 * aStride);
      c0 = lower.fma(broadcast(x0 << Short.SIZE), upper.fma(broadcast(x0 & UPPER), c0));
      c1 = lower.fma(broadcast(x1 << Short.SIZE), upper.fma(broadcast(x1 & UPPER), c1));
      c2 = lower.fma(broadcast(x2 << Short.SIZE), upper.fma(broadcast(x2 & UPPER), c2));
      c3 = lower.fma(broadcast(x3 << Short.SIZE), upper.fma(broadcast(x3 & UPPER), c3));
    }
    c0.intoMemorySegment(c, cAt, ORDER, mask);
    c1.intoMemorySegment(c, cAt + cStride, ORDER, mask);
    c2.intoMemorySegment(c, cAt + 2 * cStride, ORDER, mask);
    c3.intoMemorySegment(c, cAt + 3 * cStride, ORDER, mask);
  }

  private static void row(
      MemorySegment a,
      long aAt,
      MemorySegment b,
      long bAt,
      int pairs,
      MemorySegment c,
      long cAt,
      VectorMask<Float> mask,
      boolean adds) {
    FloatVector sum = start(c, cAt, mask, adds);
    for (int pair = 0; pair < pairs; pair++) {
      IntVector w = IntVector.fromMemorySegment(Lanes.I, b, bAt + (long) pair * PANEL_PAIR, ORDER);
      FloatVector upper = w.and(UPPER).reinterpretAsFloats();
      FloatVector lower = w.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
      int x = a.get(PAIRS, aAt + (long) pair * PAIR);
      sum = lower.fma(broadcast(x << Short.SIZE), upper.fma(broadcast(x & UPPER), sum));
    }
    sum.intoMemorySegment(c, cAt, ORDER, mask);
  }

  /** What is added to: sums that are there, or nothing. */
  static FloatVector start(MemorySegment c, long at, VectorMask<Float> mask, boolean adds) {
    return adds
        ? FloatVector.fromMemorySegment(Lanes.F, c, at, ORDER, mask)
        : FloatVector.zero(Lanes.F);
  }

  private static FloatVector broadcast(int bits) {
    return FloatVector.broadcast(Lanes.F, Float.intBitsToFloat(bits));
  }
}
