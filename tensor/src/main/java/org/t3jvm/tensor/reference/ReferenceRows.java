package org.t3jvm.tensor.reference;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Value;

/** Ops along one axis: norms, rotary embedding, softmax, reductions, lookup. */
final class ReferenceRows {
  private static final double ROPE_BASE = 10000;

  private ReferenceRows() {}

  static double[] norm(Op.Norm op, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    int d = op.x().shape().intDim(-1);
    double[] y = new double[x.length];
    for (int row = 0; row < x.length; row += d) {
      double mean = 0;
      double squares = 0;
      for (int i = 0; i < d; i++) {
        mean += x[row + i] / d;
        squares += x[row + i] * x[row + i];
      }
      double variance = 0;
      for (int i = 0; i < d; i++) {
        variance += (x[row + i] - mean) * (x[row + i] - mean) / d;
      }
      double shift = op.kind() == Op.Norm.Kind.LAYER ? mean : 0;
      double scale =
          switch (op.kind()) {
            case RMS -> 1 / Math.sqrt(squares / d + op.eps());
            case LAYER -> 1 / Math.sqrt(variance + op.eps());
            case L2 -> Math.sqrt(d) / Math.max(Math.sqrt(squares), op.eps());
          };
      for (int i = 0; i < d; i++) {
        y[row + i] = (x[row + i] - shift) * scale;
      }
    }
    if (op.weight() != null) {
      double[] weight = doubles.of(op.weight());
      for (int i = 0; i < y.length; i++) {
        y[i] *= weight[i % d];
      }
    }
    if (op.bias() != null) {
      double[] bias = doubles.of(op.bias());
      for (int i = 0; i < y.length; i++) {
        y[i] += bias[i % d];
      }
    }
    return y;
  }

  static double[] rmsFactor(Op.RmsFactor op, Value out, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] factors = new double[Math.toIntExact(out.shape().elements())];
    int d = op.x().shape().intDim(-1);
    for (int row = 0; row < factors.length; row++) {
      double squares = 0;
      for (int i = row * d; i < (row + 1) * d; i++) {
        squares += x[i] * x[i];
      }
      factors[row] = 1 / Math.sqrt(squares / d + op.eps());
    }
    return factors;
  }

  static double[] rope(Op.Rope op, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] y = new double[x.length];
    int columns = op.x().shape().intDim(1);
    int d = columns / op.heads();
    int side = d / 3;
    int[] axisDims = {d - 2 * side, side, side};
    TokenGrid grid = op.grid();
    for (int row = 0; row < grid.tokens(); row++) {
      int[] position = {row / (grid.h() * grid.w()), row / grid.w() % grid.h(), row % grid.w()};
      for (int head = 0; head < op.heads(); head++) {
        int at = row * columns + head * d;
        for (int axis = 0; axis < 3; axis++) {
          for (int j = 0; j < axisDims[axis] / 2; j++, at += 2) {
            double angle = position[axis] * Math.pow(ROPE_BASE, -2.0 * j / axisDims[axis]);
            y[at] = x[at] * Math.cos(angle) - x[at + 1] * Math.sin(angle);
            y[at + 1] = x[at] * Math.sin(angle) + x[at + 1] * Math.cos(angle);
          }
        }
      }
    }
    return y;
  }

  static double[] softmax(Op.Softmax op, ReferenceOps.Doubles doubles) {
    double[] y = doubles.of(op.x());
    int d = op.x().shape().intDim(-1);
    for (int row = 0; row < y.length; row += d) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < d; i++) {
        max = Math.max(max, y[row + i]);
      }
      double sum = 0;
      for (int i = 0; i < d; i++) {
        y[row + i] = Math.exp(y[row + i] - max);
        sum += y[row + i];
      }
      for (int i = 0; i < d; i++) {
        y[row + i] /= sum;
      }
    }
    return y;
  }

  static double[] reduce(Op.Reduce op, ReferenceOps.Doubles doubles) {
    Shape shape = op.x().shape();
    double[] x = doubles.of(op.x());
    int outer = Math.toIntExact(shape.outer(op.axis()));
    int extent = shape.intDim(op.axis());
    int inner = Math.toIntExact(shape.inner(op.axis()));
    double[] y = new double[outer * inner];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        double sum = 0;
        double max = Double.NEGATIVE_INFINITY;
        for (int e = 0; e < extent; e++) {
          double element = x[(o * extent + e) * inner + i];
          sum += element;
          max = Math.max(max, element);
        }
        y[o * inner + i] =
            switch (op.kind()) {
              case SUM -> sum;
              case MEAN -> sum / extent;
              case MAX -> max;
            };
      }
    }
    return y;
  }

  static double[] embedding(Op.Embedding op, ReferenceOps.Doubles doubles, Tensor ids) {
    double[] table = doubles.of(op.table());
    int rows = op.table().shape().intDim(0);
    int d = op.table().shape().intDim(1);
    int count = Math.toIntExact(ids.shape().elements());
    double[] y = new double[Math.multiplyExact(count, d)];
    for (int i = 0; i < count; i++) {
      long id = ids.getLong(i);
      if (id < 0 || id >= rows) {
        throw new BackendException(
            "embedding: id %d at %d is outside of the table %s".formatted(id, i, op.table()));
      }
      System.arraycopy(table, (int) id * d, y, i * d, d);
    }
    return y;
  }
}
