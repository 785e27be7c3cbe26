package org.t3jvm.tensor.cpu.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * Blocks of 64 codes of int8 by AVX512_VNNI, whose instruction multiplies unsigned bytes by signed
 * ones: rows hold codes with 128 added, and columns what this adds to their sums, negated. Words of
 * a unit of a row: 16 of codes, then the scale; of a column: 16 of codes, the sum to start from,
 * then the scale.
 *
 * <pre>
 * products[R][2] = b.start[2 vectors]
 * for each of 16 words:
 *   x, y = b[word][2 vectors]
 *   for each row: products[row] += dot4(x, y; broadcast(a[row][word]))
 * for each row:
 *   s = broadcast(a[row].scale) * b.scales[2 vectors]
 *   sums[row] += float(products[row]) * s
 * </pre>
 *
 * For each row and word that is a broadcast and two products; the start costs nothing, as something
 * must be loaded anyway, where taking signs from one factor to the other would cost an instruction
 * a product. Products are below 2^24 and so exact in F32, too.
 */
final class BlockKernel implements TileKernel {
  /** Steps of a block. */
  static final int STEPS = 64;

  private static final int CODE_WORDS = STEPS / Integer.BYTES;
  static final int ROW_WORDS = CODE_WORDS + 1;
  static final int COLUMN_WORDS = CODE_WORDS + 2;

  private static final int START = CODE_WORDS;
  private static final int SCALE = CODE_WORDS + 1;

  /** Six rows of two vectors of sums and of products need 24 of the 32 registers. */
  private static final int ROWS = 6;

  private static final int PRODUCTS = 2 * ROWS;
  private static final int X = 2 * PRODUCTS;
  private static final int Y = X + 1;
  private static final int FIRST_WORD = Y + 1;
  private static final int WORD_REGISTERS = 32 - FIRST_WORD;
  private static final int COLUMN_BYTES = TileCode.COLUMNS * Integer.BYTES;

  @Override
  public String feature() {
    return "AVX512_VNNI";
  }

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int numbersOfLane() {
    return Integer.BYTES;
  }

  @Override
  public void emitProduct(Assembler a, int sums, int row, int column) {
    a.vpdpbusd(sums, row, column);
  }

  @Override
  public void emitUnit(Assembler a, int rows) {
    for (int row = 0; row < rows; row++) {
      emitLoad(a, PRODUCTS + 2 * row, START);
    }
    for (int word = 0; word < CODE_WORDS; word++) {
      emitLoad(a, X, word);
      for (int row = 0; row < rows; row++) {
        int codes = FIRST_WORD + row % WORD_REGISTERS;
        a.vpbroadcastd(codes, rowWord(row, word));
        emitProduct(a, PRODUCTS + 2 * row, codes, X);
        emitProduct(a, PRODUCTS + 2 * row + 1, codes, Y);
      }
    }
    emitLoad(a, X, SCALE);
    for (int row = 0; row < rows; row++) {
      int s = FIRST_WORD + row % 2 * 3;
      int products = PRODUCTS + 2 * row;
      a.vpbroadcastd(s, rowWord(row, ROW_WORDS - 1));
      a.vmulps(s + 1, s, X);
      a.vmulps(s + 2, s, Y);
      a.vcvtdq2ps(products, products);
      a.vcvtdq2ps(products + 1, products + 1);
      a.vfmadd231ps(2 * row, products, s + 1);
      a.vfmadd231ps(2 * row + 1, products + 1, s + 2);
    }
  }

  /** A word of all columns, to two registers. */
  private static void emitLoad(Assembler a, int first, int word) {
    Address columns = Address.of(TileCode.NEXT_B, word * COLUMN_BYTES);
    a.vmovups(first, columns, 0);
    a.vmovups(first + 1, columns.plus(Assembler.VECTOR), 0);
  }

  private static Address rowWord(int row, int word) {
    return TileCode.row(row, TileCode.A_STRIDE).plus(word * Integer.BYTES);
  }

  @Override
  public int rowWord(int word, Random random) {
    return word < CODE_WORDS ? random.nextInt() : scale(random);
  }

  @Override
  public int columnWord(int word, Random random) {
    return switch (word) {
      case START -> random.nextInt(1 << 20) - (1 << 19);
      case SCALE -> scale(random);
      default -> random.nextInt();
    };
  }

  private static int scale(Random random) {
    return Float.floatToRawIntBits(0.5f + random.nextFloat());
  }

  @Override
  public float add(float sum, MemorySegment a, long aAt, MemorySegment b, long bAt) {
    int products = b.get(ValueLayout.JAVA_INT, bAt + (long) START * COLUMN_BYTES);
    for (int word = 0; word < CODE_WORDS; word++) {
      long row = aAt + (long) word * Integer.BYTES;
      long column = bAt + (long) word * COLUMN_BYTES;
      for (int i = 0; i < Integer.BYTES; i++) {
        int x = a.get(ValueLayout.JAVA_BYTE, row + i) & 0xFF;
        products += x * b.get(ValueLayout.JAVA_BYTE, column + i);
      }
    }
    float rowScale = a.get(ValueLayout.JAVA_FLOAT, aAt + STEPS);
    float columnScale = b.get(ValueLayout.JAVA_FLOAT, bAt + (long) SCALE * COLUMN_BYTES);
    return Math.fma((float) products, rowScale * columnScale, sum);
  }
}
