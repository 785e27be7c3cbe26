package org.t3jvm.tensor.reference;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Convolution over channels-last frames. */
final class ReferenceConv {
  private ReferenceConv() {}

  static double[] conv3d(Op.Conv3d op, Value out, ReferenceOps.Doubles doubles) {
    Shape xs = op.x().shape();
    Shape ws = op.weight().shape();
    Shape ys = out.shape();
    ConvGeometry g = op.geometry();
    int c = ws.intDim(1);
    int kt = ws.intDim(2);
    int kh = ws.intDim(3);
    int kw = ws.intDim(4);
    double[] x = doubles.of(op.x());
    double[] weight = channelsLast(doubles.of(op.weight()), ws);
    double[] bias = op.bias() == null ? new double[ws.intDim(0)] : doubles.of(op.bias());
    double[] y = new double[Math.toIntExact(ys.elements())];
    int at = 0;
    for (int t = 0; t < ys.dim(0); t++) {
      for (int h = 0; h < ys.dim(1); h++) {
        for (int w = 0; w < ys.dim(2); w++) {
          for (int o = 0; o < ys.dim(3); o++) {
            double sum = bias[o];
            for (int dt = 0; dt < kt; dt++) {
              int xt = t * g.strideT() - g.padTBefore() + dt;
              for (int dh = 0; dh < kh; dh++) {
                int xh = h * g.strideH() - g.padHBefore() + dh;
                for (int dw = 0; dw < kw; dw++) {
                  int xw = w * g.strideW() - g.padWBefore() + dw;
                  if (inside(xt, xs.dim(0)) && inside(xh, xs.dim(1)) && inside(xw, xs.dim(2))) {
                    int from = ((xt * xs.intDim(1) + xh) * xs.intDim(2) + xw) * c;
                    int tap = (((o * kt + dt) * kh + dh) * kw + dw) * c;
                    for (int i = 0; i < c; i++) {
                      sum += x[from + i] * weight[tap + i];
                    }
                  }
                }
              }
            }
            y[at++] = sum;
          }
        }
      }
    }
    return y;
  }

  private static boolean inside(int index, long extent) {
    return index >= 0 && index < extent;
  }

  /** [O, C, kt, kh, kw] to [O, kt, kh, kw, C]. */
  private static double[] channelsLast(double[] weight, Shape shape) {
    int outputs = shape.intDim(0);
    int c = shape.intDim(1);
    int taps = Math.toIntExact(shape.inner(1));
    double[] moved = new double[weight.length];
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < c; i++) {
        for (int tap = 0; tap < taps; tap++) {
          moved[(o * taps + tap) * c + i] = weight[(o * c + i) * taps + tap];
        }
      }
    }
    return moved;
  }
}
