package org.t3jvm.model.dit;

import java.util.Arrays;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The rows of a prompt's context that cross-attention needs (SPEC 17).
 *
 * <p>Upstream attends to a context padded with zero rows to 512. The padded rows all have the same
 * key and value, so one zero row with ln(count) added to its score is exactly equivalent. Rows
 * behind that one only fill the length that a program is compiled for: they are masked, weigh
 * exactly 0, and change no bit.
 *
 * @param context [rows, textDim]
 * @param bias [1, 1, rows], added to the scores: 0 for the rows of the context, ln(rows it stands
 *     for) for the folded row, {@link #MASKED} behind it
 */
public record TextRows(Tensor context, Tensor bias) {
  /** Rows that upstream pads every context to. */
  public static final int TEXT_LENGTH = 512;

  /**
   * Added to the score of a key that must weigh nothing; finite, so that no kernel makes it NaN.
   */
  public static final float MASKED = -1e30f;

  private static final int SHORTEST = 32;

  /**
   * The length, of 32, 64, 128, 256 and 512, that programs are compiled for to hold {@code rows}
   * rows, so that few programs serve all prompts.
   */
  public static int lengthFor(int rows) {
    if (rows > TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "%d rows of text are more than %d".formatted(rows, TEXT_LENGTH));
    }
    return Math.max(SHORTEST, Integer.highestOneBit(Math.max(1, 2 * rows - 1)));
  }

  /**
   * The length that holds contexts of up to {@code longest} rows and, where needed, a folded row.
   */
  public static int rowsFor(int longest) {
    return lengthFor(longest == TEXT_LENGTH ? longest : longest + 1);
  }

  /** The bias of {@code length} keys, of which only the first {@code rows} are not masked. */
  public static Tensor mask(int rows, int length) {
    float[] bias = new float[length];
    Arrays.fill(bias, rows, length, MASKED);
    return Tensor.ofFloats(Shape.of(1, 1, length), bias);
  }

  /**
   * A context in {@link #rowsFor rowsFor(longest)} rows, of which row {@code longest} stands for
   * all padding that is left of {@link #TEXT_LENGTH}.
   *
   * @param encoded F32 [n, textDim], the encoder's rows of the n real tokens
   * @param longest rows of the longest context that shares the program, at least n
   */
  public static TextRows fold(Tensor encoded, int longest) {
    int n = encoded.shape().intDim(0);
    if (n > longest || longest > TEXT_LENGTH) {
      throw new IllegalArgumentException(
          "context of %d rows does not fold into %d of %d".formatted(n, longest, TEXT_LENGTH));
    }
    int rows = rowsFor(longest);
    Tensor context = Tensor.allocate(DType.F32, encoded.shape().with(0, rows));
    context.rows(0, n).copyFrom(encoded);
    if (longest == TEXT_LENGTH) {
      return new TextRows(context, mask(rows, rows));
    }
    Tensor bias = mask(longest + 1, rows);
    bias.setDouble(longest, (float) Math.log(TEXT_LENGTH - longest));
    return new TextRows(context, bias);
  }

  /** Number of rows, those that are masked included. */
  public int rows() {
    return context.shape().intDim(0);
  }
}
