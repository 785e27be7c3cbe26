package org.t3jvm.model.lora;

import java.util.Arrays;
import org.t3jvm.tensor.Tensor;

/** What is added to one weight, row by row; float32 throughout. */
sealed interface LoraDelta {
  /** Makes rows of the change. Safe for use by many threads. */
  interface Rows {
    /** Adds row {@code row} of the change to {@code sum}, which has a weight row's length. */
    void addTo(int row, float[] sum, float[] scratch);
  }

  /** Reads what the rows are made of. */
  Rows open();

  /**
   * {@code factor * B A}.
   *
   * @param up B [out, rank, 1...]
   * @param down A [rank, in...]
   */
  record LowRank(Tensor up, Tensor down, float factor) implements LoraDelta {
    @Override
    public Rows open() {
      int rank = down.shape().intDim(0);
      float[] b = up.toFloats();
      float[][] a = new float[rank][];
      for (int k = 0; k < rank; k++) {
        a[k] = down.rows(k, 1).toFloats();
      }
      return (row, sum, scratch) -> {
        Arrays.fill(scratch, 0);
        for (int k = 0; k < rank; k++) {
          addScaled(scratch, b[row * rank + k], a[k]);
        }
        addScaled(sum, factor, scratch);
      };
    }
  }

  /**
   * {@code factor * change}.
   *
   * @param change of the weight's shape
   */
  record Full(Tensor change, float factor) implements LoraDelta {
    @Override
    public Rows open() {
      return (row, sum, scratch) -> addScaled(sum, factor, change.rows(row, 1).toFloats());
    }
  }

  private static void addScaled(float[] sum, float factor, float[] values) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * values[j];
    }
  }
}
