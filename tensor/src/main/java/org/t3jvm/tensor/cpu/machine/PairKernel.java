package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Pairs of BF16 numbers by AVX512_BF16. A unit is one word, the pair, the first in the upper half:
 *
 * <pre>
 * x, y = b[2 vectors]
 * for each row: sums[row] += dot(x, y; broadcast(a[row]))
 * </pre>
 *
 * A pair is broadcast into a register first: read by both of the instructions that need it, loads
 * would take longer than sums.
 */
final class PairKernel implements TileKernel {
  private static final int X = 2 * TileCode.ROWS;
  private static final int Y = X + 1;
  private static final int FIRST_PAIR = Y + 1;
  private static final int PAIR_REGISTERS = 32 - FIRST_PAIR;

  @Override
  public String feature() {
    return "AVX512_BF16";
  }

  @Override
  public int rows() {
    return TileCode.ROWS;
  }

  @Override
  public int numbersOfLane() {
    return 2;
  }

  @Override
  public void emitProduct(Assembler a, int sums, int row, int column) {
    a.vdpbf16ps(sums, column, row);
  }

  @Override
  public void emitUnit(Assembler a, int rows) {
    a.vmovups(X, Address.of(TileCode.NEXT_B, 0), 0);
    a.vmovups(Y, Address.of(TileCode.NEXT_B, Assembler.VECTOR), 0);
    for (int row = 0; row < rows; row++) {
      int pair = FIRST_PAIR + row % PAIR_REGISTERS;
      a.vpbroadcastd(pair, TileCode.row(row, TileCode.A_STRIDE));
      emitProduct(a, 2 * row, pair, X);
      emitProduct(a, 2 * row + 1, pair, Y);
    }
  }

  @Override
  public int rowWord(int word, Random random) {
    return number(random) << Short.SIZE | number(random);
  }

  @Override
  public int columnWord(int word, Random random) {
    return number(random) << Short.SIZE | number(random);
  }

  /** A BF16 number between 1/256 and 2 in magnitude. */
  private static int number(Random random) {
    int exponent = 119 + random.nextInt(9);
    return random.nextInt(2) << 15 | exponent << 7 | random.nextInt(128);
  }

  @Override
  public float add(float sum, MemorySegment a, long aAt, MemorySegment b, long bAt) {
    int x = a.get(ValueLayout.JAVA_INT, aAt);
    int y = b.get(ValueLayout.JAVA_INT, bAt);
    return Math.fma(lower(x), lower(y), Math.fma(upper(x), upper(y), sum));
  }

  private static float upper(int pair) {
    return Float.intBitsToFloat(pair & 0xFFFF0000);
  }

  private static float lower(int pair) {
    return Float.intBitsToFloat(pair << Short.SIZE);
  }
}
