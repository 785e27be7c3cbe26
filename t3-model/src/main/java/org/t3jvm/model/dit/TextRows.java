package org.t3jvm.model.dit;

import java.util.Optional;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The rows of a prompt's context that cross-attention needs (SPEC 17).
 *
 * <p>Upstream attends to a context padded with zero rows to 512. The padded rows all have the same
 * key and value, so one zero row with ln(count) added to its score is exactly equivalent.
 *
 * @param context [rows, textDim]; with a bias, the last row is zero and stands for several
 * @param bias [1, 1, rows], 0 but for the last row's ln(rows it stands for); empty if the context
 *     has the whole length
 */
public record TextRows(Tensor context, Optional<Tensor> bias) {
  /** Rows that upstream pads every context to. */
  public static final int TEXT_LENGTH = 512;

  /** Rows that hold contexts of up to {@code longest} tokens and, where it fits, the folded row. */
  public static int rowsFor(int longest) {
    return Math.min(TEXT_LENGTH, longest + 1);
  }

  /**
   * A context padded to {@code rows} rows, the last of which stands for all padding that is left of
   * {@link #TEXT_LENGTH}.
   *
   * @param encoded F32 [n, textDim], the encoder's rows of the n real tokens
   * @param rows as {@link #rowsFor} gives for the longest context that shares the program
   */
  public static TextRows fold(Tensor encoded, int rows) {
    int n = encoded.shape().intDim(0);
    if (n > rows || rows > TEXT_LENGTH || (n == rows && rows < TEXT_LENGTH)) {
      throw new IllegalArgumentException(
          "context of %d rows does not fold into %d of %d".formatted(n, rows, TEXT_LENGTH));
    }
    Tensor context = Tensor.allocate(DType.F32, encoded.shape().with(0, rows));
    context.rows(0, n).copyFrom(encoded);
    if (rows == TEXT_LENGTH) {
      return new TextRows(context, Optional.empty());
    }
    float[] bias = new float[rows];
    bias[rows - 1] = (float) Math.log(TEXT_LENGTH - (rows - 1));
    return new TextRows(context, Optional.of(Tensor.ofFloats(Shape.of(1, 1, rows), bias)));
  }

  /** Number of rows, the folded one included. */
  public int rows() {
    return context.shape().intDim(0);
  }
}
