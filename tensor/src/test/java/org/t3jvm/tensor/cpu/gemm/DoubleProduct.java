package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Sums of products in plain double loops, with the sums of their absolute terms. */
final class DoubleProduct {
  private final double[] sums;
  private final double[] sizes;
  private int terms;

  private DoubleProduct(Value out) {
    int count = Math.toIntExact(out.shape().elements());
    sums = new double[count];
    sizes = new double[count];
  }

  private void add(int at, double a, double b) {
    sums[at] += a * b;
    sizes[at] += Math.abs(a * b);
  }

  /** What an op gives. */
  static DoubleProduct of(GemmRun run, Value out) {
    DoubleProduct product = new DoubleProduct(out);
    switch (out.op()) {
      case Op.Linear op -> product.linear(run, op, out);
      case Op.MatMul op -> product.matMul(run, op, out);
      case Op.Conv3d op -> product.conv3d(run, op, out);
      default -> throw new IllegalArgumentException(out + " is no product");
    }
    return product;
  }

  // Operands are read once: an access to memory outside of the heap costs more than the arithmetic.

  private void linear(GemmRun run, Op.Linear op, Value out) {
    double[] x = doubles(run.tensor(op.x()));
    double[] weight = doubles(run.tensor(op.weight()));
    int columns = out.shape().intDim(-1);
    terms = op.weight().shape().intDim(1);
    for (int at = 0; at < sums.length; at++) {
      int row = at / columns * terms;
      int column = at % columns * terms;
      for (int k = 0; k < terms; k++) {
        add(at, x[row + k], weight[column + k]);
      }
    }
    bias(run, op.bias(), columns);
  }

  private void matMul(GemmRun run, Op.MatMul op, Value out) {
    double[] a = doubles(run.tensor(op.a()));
    double[] b = doubles(run.tensor(op.b()));
    int rows = out.shape().intDim(-2);
    int columns = out.shape().intDim(-1);
    terms = op.a().shape().intDim(-1);
    for (int at = 0; at < sums.length; at++) {
      int row = at / columns * terms;
      int batch = at / columns / rows * terms * columns;
      int column = at % columns;
      for (int k = 0; k < terms; k++) {
        add(
            at,
            a[row + k],
            b[batch + (op.transposeB() ? column * terms + k : k * columns + column)]);
      }
    }
  }

  private void conv3d(GemmRun run, Op.Conv3d op, Value out) {
    double[] x = doubles(run.tensor(op.x()));
    ConvGeometry g = op.geometry();
    int[] in = extents(op.x());
    int[] kernel = extents(op.weight());
    int[] to = extents(out);
    int taps = kernel[2] * kernel[3] * kernel[4];
    terms = Math.toIntExact(op.weight().shape().inner(0));
    double[] weight = transposed(doubles(run.tensor(op.weight())), to[3]);
    for (int position = 0; position < sums.length / to[3]; position++) {
      int firstT = position / to[2] / to[1] * g.strideT() - g.padTBefore();
      int firstH = position / to[2] % to[1] * g.strideH() - g.padHBefore();
      int firstW = position % to[2] * g.strideW() - g.padWBefore();
      for (int tap = 0; tap < taps; tap++) {
        int t = firstT + tap / kernel[4] / kernel[3];
        int h = firstH + tap / kernel[4] % kernel[3];
        int w = firstW + tap % kernel[4];
        if (t < 0 || t >= in[0] || h < 0 || h >= in[1] || w < 0 || w >= in[2]) {
          continue;
        }
        int from = ((t * in[1] + h) * in[2] + w) * in[3];
        for (int channel = 0; channel < in[3]; channel++) {
          addRow(
              position * to[3], x[from + channel], weight, (channel * taps + tap) * to[3], to[3]);
        }
      }
    }
    bias(run, op.bias(), to[3]);
  }

  private void addRow(int at, double a, double[] b, int from, int count) {
    for (int i = 0; i < count; i++) {
      add(at + i, a, b[from + i]);
    }
  }

  /** [outputs, terms] to [terms, outputs]. */
  private static double[] transposed(double[] weight, int outputs) {
    int terms = weight.length / outputs;
    double[] result = new double[weight.length];
    for (int i = 0; i < weight.length; i++) {
      result[i % terms * outputs + i / terms] = weight[i];
    }
    return result;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.shape().elements())];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.getDouble(i);
    }
    return values;
  }

  private static int[] extents(Value value) {
    return Arrays.stream(value.shape().dims()).mapToInt(Math::toIntExact).toArray();
  }

  private void bias(GemmRun run, @Nullable Value bias, int columns) {
    if (bias != null) {
      for (int at = 0; at < sums.length; at++) {
        add(at, 1, run.tensor(bias).getDouble(at % columns));
      }
    }
  }

  /**
   * Checks a result. A sum passes through at most {@code min(terms, 256)} roundings within a chunk,
   * one a chunk, one for the bias and a few for the lanes of a dot product; each errs by at most
   * 2^-24 of the sum of the absolute terms. That is below 1.7e-5 of it for a thousand terms; one
   * term more, less or wrong is about a thousandth.
   */
  void assertMatches(float[] actual, String what) {
    double roundings = Math.min(terms, 256) + Math.ceilDiv(terms, 256) + 8;
    assertThat(actual).as(what).hasSameSizeAs(sums);
    for (int i = 0; i < sums.length; i++) {
      double tolerance = 1.01 * roundings * 0x1p-24 * sizes[i];
      if (!(Math.abs(actual[i] - sums[i]) <= tolerance)) {
        throw new AssertionError(
            "%s: element %d is %s, expected %s within %.1e"
                .formatted(what, i, actual[i], sums[i], tolerance));
      }
    }
  }
}
