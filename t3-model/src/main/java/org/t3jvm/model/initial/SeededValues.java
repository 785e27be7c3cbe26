package org.t3jvm.model.initial;

import org.t3jvm.tensor.random.TorchRandom;

/**
 * Random numbers that depend on a seed and a name alone: a tensor's values stay the same whatever
 * other tensors there are. Everything is computed in strict arithmetic, so every machine gets the
 * same bits.
 */
public final class SeededValues {
  private final long seed;

  public SeededValues(long seed) {
    this.seed = seed;
  }

  /** {@code count} numbers of mean 0 and the given deviation. */
  public float[] normal(String name, int count, double deviation) {
    float[] values = new float[count];
    new TorchRandom(seed * 31 + name.hashCode()).fillNormal(values);
    for (int i = 0; i < count; i++) {
      values[i] *= (float) deviation;
    }
    return values;
  }

  /**
   * A matrix [rows, columns], rows at least columns, whose columns are orthonormal: Gram-Schmidt on
   * random columns.
   */
  public double[][] orthonormalColumns(String name, int rows, int columns) {
    float[] start = normal(name, rows * columns, 1);
    double[][] basis = new double[columns][rows];
    for (int c = 0; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        basis[c][r] = start[c * rows + r];
      }
      for (int before = 0; before < c; before++) {
        subtract(basis[c], basis[before], dot(basis[c], basis[before]));
      }
      double length = Math.sqrt(dot(basis[c], basis[c]));
      for (int r = 0; r < rows; r++) {
        basis[c][r] /= length;
      }
    }
    double[][] matrix = new double[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix[r][c] = basis[c][r];
      }
    }
    return matrix;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void subtract(double[] from, double[] direction, double amount) {
    for (int i = 0; i < from.length; i++) {
      from[i] -= amount * direction[i];
    }
  }
}
