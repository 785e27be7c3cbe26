package org.t3jvm.tensor.cpu.rounded;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.quantize.Q8;

/**
 * Blocks of 64 numbers as codes of int8, four to a word: word {@code i} holds those of steps {@code
 * i}, {@code i + 16}, {@code i + 32} and {@code i + 48}, from the lowest byte on, so that lanes of
 * vectors become words without being moved.
 */
final class Blocks {
  /** Words of a block. */
  static final int WORDS = TileKind.INT8.steps() / Integer.BYTES;

  /** What makes codes unsigned. */
  static final int OFFSET = 128;

  private static final int SIGNS = 0x80808080;
  private static final int INFINITY = 0x7F800000;

  /** Added to a float below 2^22 in magnitude, it leaves the nearest integer in the lower bits. */
  private static final float ROUNDER = 0x1.8p23f;

  private Blocks() {}

  /** The scale of a block, see {@link Q8}; NaN if a number is NaN or infinite. */
  static float scale(float[] x, int at) {
    // Magnitudes are in the order of their bits.
    IntVector largest = IntVector.zero(Lanes.I);
    for (int i = 0; i < TileKind.INT8.steps(); i += Lanes.COUNT) {
      IntVector bits = FloatVector.fromArray(Lanes.F, x, at + i).reinterpretAsInts();
      largest = largest.max(bits.and(Integer.MAX_VALUE));
    }
    int bits = largest.reduceLanes(VectorOperators.MAX);
    return bits >= INFINITY ? Float.NaN : Q8.scale(Float.intBitsToFloat(bits));
  }

  /**
   * Writes the codes of 64 numbers to words from {@code to} on, which may be {@code at}; divides
   * the numbers in place.
   */
  static void pack(float[] x, int at, float scale, int to) {
    // A scale of 0 has zeros alone; NaN is none.
    if (scale > 0) {
      for (int i = 0; i < TileKind.INT8.steps(); i += Lanes.COUNT) {
        FloatVector.fromArray(Lanes.F, x, at + i).div(scale).intoArray(x, at + i);
      }
    }
    packCodes(x, at, to);
  }

  /** Writes 64 numbers, rounded, as the codes that they are. */
  static void packCodes(float[] x, int at, int to) {
    for (int i = 0; i < WORDS; i += Lanes.COUNT) {
      IntVector first = codes(x, at + i);
      IntVector second = codes(x, at + WORDS + i);
      IntVector third = codes(x, at + 2 * WORDS + i);
      IntVector fourth = codes(x, at + 3 * WORDS + i);
      first
          .or(second.lanewise(VectorOperators.LSHL, 8))
          .or(third.lanewise(VectorOperators.LSHL, 16))
          .or(fourth.lanewise(VectorOperators.LSHL, 24))
          .reinterpretAsFloats()
          .intoArray(x, to + i);
    }
  }

  private static IntVector codes(float[] x, int at) {
    return FloatVector.fromArray(Lanes.F, x, at).add(ROUNDER).reinterpretAsInts().and(0xFF);
  }

  /** Sum of the codes in words. */
  static int sum(float[] x, int at) {
    IntVector sums = IntVector.zero(Lanes.I);
    for (int i = 0; i < WORDS; i += Lanes.COUNT) {
      IntVector words = FloatVector.fromArray(Lanes.F, x, at + i).reinterpretAsInts();
      for (int code = 0; code < Integer.BYTES; code++) {
        sums = sums.add(code(words, code));
      }
    }
    return sums.reduceLanes(VectorOperators.ADD);
  }

  /** One code of each word. */
  static IntVector code(IntVector words, int code) {
    return words.lanewise(VectorOperators.LSHL, 24 - 8 * code).lanewise(VectorOperators.ASHR, 24);
  }

  /** Words with {@link #OFFSET} added to each code. */
  static IntVector unsigned(IntVector words) {
    return words.lanewise(VectorOperators.XOR, SIGNS);
  }

  /** The other way round. */
  static int signed(int word) {
    return word ^ SIGNS;
  }
}
