package org.t3jvm.model.lora;

import java.util.Arrays;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.WeightRows;

/** What is added to one weight, row by row; float32 throughout. */
sealed interface LoraDelta {
  /** Makes rows of the change. Safe for use by many threads. */
  interface Rows {
    /**
     * Adds row {@code row} of the change to {@code sum}, which has a weight row's length.
     *
     * @param base the stored weight's row
     * @param scratch of the same length
     */
    void addTo(int row, float[] base, float[] sum, float[] scratch);
  }

  /**
   * Reads what the rows are made of.
   *
   * @param stored the weight that is changed
   */
  Rows open(WeightRows stored);

  /**
   * {@code factor * B A}.
   *
   * @param up B [out, rank, 1...]
   * @param down A [rank, in...]
   */
  record LowRank(Tensor up, Tensor down, float factor) implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      Product product = new Product(up, down);
      return (row, base, sum, scratch) -> {
        product.row(row, scratch);
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
    public Rows open(WeightRows stored) {
      WeightRows rows = WeightRows.of(change);
      return (row, base, sum, scratch) -> {
        rows.read(row, scratch);
        addScaled(sum, factor, scratch);
      };
    }
  }

  /**
   * DoRA: {@code scale * (m (W + D) / |W + D| - W)}, where a row of the changed weight has the norm
   * m.
   *
   * @param direction D
   * @param magnitude m [out]
   */
  record Decomposed(LoraDelta direction, Tensor magnitude, float scale) implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      Rows rows = direction.open(stored);
      float[] norms = magnitude.toFloats();
      return (row, base, sum, scratch) -> {
        float[] changed = base.clone();
        rows.addTo(row, base, changed, scratch);
        double squares = 0;
        for (float value : changed) {
          squares += (double) value * value;
        }
        float stretch = squares == 0 ? 0 : (float) (norms[row] / Math.sqrt(squares));
        for (int j = 0; j < changed.length; j++) {
          sum[j] += scale * (changed[j] * stretch - base[j]);
        }
      };
    }
  }

  /**
   * As {@link Decomposed}, but a column of the changed weight has the norm m.
   *
   * @param magnitude m [1, in]
   */
  record DecomposedByColumns(LoraDelta direction, Tensor magnitude, float scale)
      implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      Rows rows = direction.open(stored);
      float[] stretch = stretch(rows, stored);
      return (row, base, sum, scratch) -> {
        float[] changed = base.clone();
        rows.addTo(row, base, changed, scratch);
        for (int j = 0; j < changed.length; j++) {
          sum[j] += scale * (changed[j] * stretch[j] - base[j]);
        }
      };
    }

    private float[] stretch(Rows rows, WeightRows stored) {
      double[] squares = new double[stored.width()];
      float[] base = new float[stored.width()];
      float[] scratch = new float[stored.width()];
      for (int row = 0; row < stored.count(); row++) {
        stored.read(row, base);
        float[] changed = base.clone();
        rows.addTo(row, base, changed, scratch);
        for (int j = 0; j < changed.length; j++) {
          squares[j] += (double) changed[j] * changed[j];
        }
      }
      float[] stretch = magnitude.toFloats();
      for (int j = 0; j < stretch.length; j++) {
        stretch[j] = squares[j] == 0 ? 0 : (float) (stretch[j] / Math.sqrt(squares[j]));
      }
      return stretch;
    }
  }

  /** Two changes of one weight. */
  record Sum(LoraDelta first, LoraDelta second) implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      Rows one = first.open(stored);
      Rows other = second.open(stored);
      return (row, base, sum, scratch) -> {
        one.addTo(row, base, sum, scratch);
        other.addTo(row, base, sum, scratch);
      };
    }
  }

  /** LoHa: {@code factor * (A1 B1) * (A2 B2)}, the two products multiplied element by element. */
  record Hadamard(Tensor a1, Tensor b1, Tensor a2, Tensor b2, float factor) implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      Product first = new Product(a1, b1);
      Product second = new Product(a2, b2);
      return (row, base, sum, scratch) -> {
        float[] other = new float[sum.length];
        first.row(row, scratch);
        second.row(row, other);
        for (int j = 0; j < sum.length; j++) {
          sum[j] += factor * (scratch[j] * other[j]);
        }
      };
    }
  }

  /**
   * LoKr: {@code factor * (W1 x W2)}, the Kronecker product.
   *
   * @param outer W1 [a, b], of each of whose elements the weight has a block
   * @param inner W2 [c, d]
   */
  record Kronecker(Factor outer, Factor inner, float factor) implements LoraDelta {
    @Override
    public Rows open(WeightRows stored) {
      float[][] w1 = outer.rows();
      float[][] w2 = inner.rows();
      return (row, base, sum, scratch) -> {
        float[] left = w1[row / w2.length];
        float[] right = w2[row % w2.length];
        for (int j = 0; j < left.length; j++) {
          for (int k = 0; k < right.length; k++) {
            sum[j * right.length + k] += factor * (left[j] * right[k]);
          }
        }
      };
    }
  }

  /** A matrix, whole or as the product of two. */
  sealed interface Factor {
    long rowCount();

    long columnCount();

    float[][] rows();

    record Whole(Tensor matrix) implements Factor {
      @Override
      public long rowCount() {
        return matrix.shape().dim(0);
      }

      @Override
      public long columnCount() {
        return matrix.shape().inner(0);
      }

      @Override
      public float[][] rows() {
        float[][] rows = new float[matrix.shape().intDim(0)][];
        Arrays.setAll(rows, i -> matrix.rows(i, 1).toFloats());
        return rows;
      }
    }

    record Split(Tensor a, Tensor b) implements Factor {
      @Override
      public long rowCount() {
        return a.shape().dim(0);
      }

      @Override
      public long columnCount() {
        return b.shape().inner(0);
      }

      @Override
      public float[][] rows() {
        Product product = new Product(a, b);
        float[][] rows = new float[a.shape().intDim(0)][(int) columnCount()];
        for (int i = 0; i < rows.length; i++) {
          product.row(i, rows[i]);
        }
        return rows;
      }
    }
  }

  /** Rows of the product of [out, rank] and [rank, in]. */
  final class Product {
    private final float[] left;
    private final float[][] right;

    Product(Tensor left, Tensor right) {
      this.left = left.toFloats();
      this.right = new float[right.shape().intDim(0)][];
      Arrays.setAll(this.right, k -> right.rows(k, 1).toFloats());
    }

    void row(int row, float[] values) {
      Arrays.fill(values, 0);
      for (int k = 0; k < right.length; k++) {
        addScaled(values, left[row * right.length + k], right[k]);
      }
    }
  }

  private static void addScaled(float[] sum, float factor, float[] values) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += factor * values[j];
    }
  }
}
