package org.t3jvm.model.lora;

import java.util.Arrays;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * The middle tensor of a Tucker decomposition, which LyCORIS makes of convolutions: a change is
 * {@code sum_ij A[out, i] T[i, j, k...] B[j, in]}. Float32 throughout.
 */
final class TuckerCore {
  private TuckerCore() {}

  /**
   * T B, the second factor of a plain product: [i, in * k].
   *
   * @param core T [i, j, k...]
   * @param right B [j, in, 1...]
   */
  static Tensor times(Tensor core, Tensor right) {
    int ranks = core.shape().intDim(0);
    int inner = core.shape().intDim(1);
    int in = Math.toIntExact(right.shape().inner(0));
    int kernel = Math.toIntExact(core.shape().elements() / ranks / inner);
    float[] t = core.toFloats();
    float[] b = right.toFloats();
    Tensor product = Tensor.allocate(DType.F32, Shape.of(ranks, (long) in * kernel));
    float[] row = new float[in * kernel];
    for (int i = 0; i < ranks; i++) {
      Arrays.fill(row, 0);
      for (int j = 0; j < inner; j++) {
        for (int q = 0; q < in; q++) {
          for (int k = 0; k < kernel; k++) {
            row[q * kernel + k] += t[(i * inner + j) * kernel + k] * b[j * in + q];
          }
        }
      }
      for (int at = 0; at < row.length; at++) {
        product.setDouble((long) i * row.length + at, row[at]);
      }
    }
    return product;
  }

  /** [columns, rows] of [rows, columns]. */
  static Tensor transposed(Tensor matrix) {
    int rows = matrix.shape().intDim(0);
    int columns = matrix.shape().intDim(1);
    float[] values = matrix.toFloats();
    Tensor turned = Tensor.allocate(DType.F32, Shape.of(columns, rows));
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned.setDouble((long) j * rows + i, values[i * columns + j]);
      }
    }
    return turned;
  }
}
