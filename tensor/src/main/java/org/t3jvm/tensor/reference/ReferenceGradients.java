package org.t3jvm.tensor.reference;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** The derivatives that are no composition of other ops. */
final class ReferenceGradients {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  private ReferenceGradients() {}

  static double[] unary(GradientOp.UnaryGrad op, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] dy = doubles.of(op.dy());
    for (int i = 0; i < x.length; i++) {
      dy[i] *= derivative(op.kind(), x[i]);
    }
    return dy;
  }

  private static double derivative(Op.Unary.Kind kind, double x) {
    return switch (kind) {
      case SILU -> {
        double sigmoid = 1 / (1 + Math.exp(-x));
        yield sigmoid * (1 + x * (1 - sigmoid));
      }
      case GELU_TANH -> {
        double t = Math.tanh(SQRT_2_OVER_PI * (x + GELU_CUBIC * x * x * x));
        double slope = SQRT_2_OVER_PI * (1 + 3 * GELU_CUBIC * x * x);
        yield 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope;
      }
      case EXP -> Math.exp(x);
      case SQRT -> 0.5 / Math.sqrt(x);
    };
  }

  static double[] clamp(GradientOp.ClampGrad op, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] dy = doubles.of(op.dy());
    for (int i = 0; i < x.length; i++) {
      if (x[i] < op.low() || x[i] > op.high()) {
        dy[i] = 0;
      }
    }
    return dy;
  }

  /** With {@code y = (x - shift(x)) factor(x)}, row by row. */
  static double[] norm(GradientOp.NormGrad op, ReferenceOps.Doubles doubles) {
    double[] x = doubles.of(op.x());
    double[] g = doubles.of(op.dy());
    int d = op.x().shape().intDim(-1);
    if (op.weight() != null) {
      double[] weight = doubles.of(op.weight());
      for (int i = 0; i < g.length; i++) {
        g[i] *= weight[i % d];
      }
    }
    for (int row = 0; row < x.length; row += d) {
      normRow(op, x, g, row, d);
    }
    return g;
  }

  private static void normRow(GradientOp.NormGrad op, double[] x, double[] g, int row, int d) {
    double mean = 0;
    double meanG = 0;
    for (int i = row; i < row + d; i++) {
      mean += x[i] / d;
      meanG += g[i] / d;
    }
    double shift = op.kind() == Op.Norm.Kind.LAYER ? mean : 0;
    double shiftG = op.kind() == Op.Norm.Kind.LAYER ? meanG : 0;
    double squares = 0;
    double dot = 0;
    for (int i = row; i < row + d; i++) {
      squares += (x[i] - shift) * (x[i] - shift);
      dot += (x[i] - shift) * g[i];
    }
    double factor;
    double slope;
    if (op.kind() == Op.Norm.Kind.L2) {
      double length = Math.sqrt(squares);
      factor = Math.sqrt(d) / Math.max(length, op.eps());
      slope = length > op.eps() ? factor * dot / squares : 0;
    } else {
      factor = 1 / Math.sqrt(squares / d + op.eps());
      slope = factor * factor * factor * dot / d;
    }
    for (int i = row; i < row + d; i++) {
      g[i] = factor * (g[i] - shiftG) - slope * (x[i] - shift);
    }
  }

  static double[] scatterAdd(
      GradientOp.ScatterAdd op, Value out, ReferenceOps.Doubles doubles, Tensor ids) {
    double[] x = doubles.of(op.x());
    int d = op.x().shape().intDim(-1);
    double[] table = new double[Math.toIntExact(out.shape().elements())];
    for (int i = 0; i < ids.shape().elements(); i++) {
      long id = ids.getLong(i);
      if (id < 0 || id >= op.rows()) {
        throw new BackendException(
            "scatterAdd: id %d at %d is outside of the table %s".formatted(id, i, out));
      }
      for (int c = 0; c < d; c++) {
        table[(int) id * d + c] += x[i * d + c];
      }
    }
    return table;
  }

  static double[] conv3dWeight(GradientOp.Conv3dWeightGrad op, ReferenceOps.Doubles doubles) {
    Shape xs = op.x().shape();
    Shape ys = op.dy().shape();
    Shape ws = op.weight();
    ConvGeometry g = op.geometry();
    double[] x = doubles.of(op.x());
    double[] dy = doubles.of(op.dy());
    double[] dw = new double[Math.toIntExact(ws.elements())];
    int at = 0;
    for (int o = 0; o < ws.dim(0); o++) {
      for (int dt = 0; dt < ws.dim(2); dt++) {
        for (int dh = 0; dh < ws.dim(3); dh++) {
          for (int dwide = 0; dwide < ws.dim(4); dwide++) {
            for (int c = 0; c < ws.dim(1); c++) {
              double sum = 0;
              for (int t = 0; t < ys.dim(0); t++) {
                int xt = t * g.strideT() - g.padTBefore() + dt;
                for (int h = 0; h < ys.dim(1); h++) {
                  int xh = h * g.strideH() - g.padHBefore() + dh;
                  for (int w = 0; w < ys.dim(2); w++) {
                    int xw = w * g.strideW() - g.padWBefore() + dwide;
                    if (inside(xt, xs.dim(0)) && inside(xh, xs.dim(1)) && inside(xw, xs.dim(2))) {
                      int from = ((xt * xs.intDim(1) + xh) * xs.intDim(2) + xw) * xs.intDim(3);
                      int to = ((t * ys.intDim(1) + h) * ys.intDim(2) + w) * ys.intDim(3);
                      sum += x[from + c] * dy[to + o];
                    }
                  }
                }
              }
              dw[at++] = sum;
            }
          }
        }
      }
    }
    return dw;
  }

  private static boolean inside(int index, long extent) {
    return index >= 0 && index < extent;
  }

  static double[] broadcast(GradientOp.Broadcast op, Value out, ReferenceOps.Doubles doubles) {
    return ReferenceElementwise.broadcast(doubles.of(op.x()), op.x().shape(), out.shape());
  }
}
