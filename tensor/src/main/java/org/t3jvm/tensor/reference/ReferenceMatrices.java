package org.t3jvm.tensor.reference;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;

/** Linear maps, matrix products and the weights of either. */
final class ReferenceMatrices {
  private ReferenceMatrices() {}

  static double[] linear(Op.Linear op, ReferenceOps.Doubles doubles) {
    int n = op.weight().shape().intDim(0);
    int k = op.weight().shape().intDim(1);
    int m = Math.toIntExact(op.x().shape().outer(op.x().shape().rank() - 1));
    double[] y = new double[Math.multiplyExact(m, n)];
    if (op.bias() != null) {
      double[] bias = doubles.of(op.bias());
      for (int i = 0; i < y.length; i++) {
        y[i] = bias[i % n];
      }
    }
    product(doubles.of(op.x()), 0, doubles.of(op.weight()), 0, y, 0, m, n, k, true);
    return y;
  }

  static double[] scaled(Op.Scaled op, ReferenceOps.Doubles doubles) {
    double[] y = doubles.of(op.codes());
    double[] scales = doubles.of(op.scales());
    int k = Math.toIntExact(op.codes().shape().inner(0));
    int blocks = op.scales().shape().intDim(1);
    boolean shared = op.scales().shape().dim(0) == 1;
    for (int i = 0; i < y.length; i++) {
      int row = shared ? 0 : i / k;
      y[i] *= scales[row * blocks + (int) (i % k / op.block())];
    }
    return y;
  }

  static double[] matMul(Op.MatMul op, ReferenceOps.Doubles doubles) {
    Shape a = op.a().shape();
    Shape b = op.b().shape();
    int m = a.intDim(-2);
    int k = a.intDim(-1);
    int n = b.intDim(op.transposeB() ? -2 : -1);
    int batches = Math.toIntExact(a.outer(a.rank() - 2));
    double[] left = doubles.of(op.a());
    double[] right = doubles.of(op.b());
    double[] y = new double[Math.toIntExact((long) batches * m * n)];
    for (int i = 0; i < batches; i++) {
      product(left, i * m * k, right, i * k * n, y, i * m * n, m, n, k, op.transposeB());
    }
    return y;
  }

  /** {@code y [m, n] += a [m, k] b}, with b [n, k] if transposed, else [k, n]. */
  private static void product(
      double[] a,
      int aStart,
      double[] b,
      int bStart,
      double[] y,
      int yStart,
      int m,
      int n,
      int k,
      boolean transposed) {
    int bRow = transposed ? k : 1;
    int bStep = transposed ? 1 : n;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[aStart + i * k + p] * b[bStart + j * bRow + p * bStep];
        }
        y[yStart + i * n + j] += sum;
      }
    }
  }
}
