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

  private void linear(GemmRun run, Op.Linear op, Value out) {
    Tensor x = run.tensor(op.x());
    Tensor weight = run.tensor(op.weight());
    int columns = out.shape().intDim(-1);
    terms = op.weight().shape().intDim(1);
    for (int at = 0; at < sums.length; at++) {
      for (int k = 0; k < terms; k++) {
        long row = at / columns;
        long column = at % columns;
        add(at, x.getDouble(row * terms + k), weight.getDouble(column * terms + k));
      }
    }
    bias(run, op.bias(), columns);
  }

  private void matMul(GemmRun run, Op.MatMul op, Value out) {
    Tensor a = run.tensor(op.a());
    Tensor b = run.tensor(op.b());
    int rows = out.shape().intDim(-2);
    int columns = out.shape().intDim(-1);
    terms = op.a().shape().intDim(-1);
    for (int at = 0; at < sums.length; at++) {
      int batch = at / columns / rows;
      int column = at % columns;
      for (int k = 0; k < terms; k++) {
        int inB = op.transposeB() ? column * terms + k : k * columns + column;
        add(
            at,
            a.getDouble((long) (at / columns) * terms + k),
            b.getDouble((long) batch * terms * columns + inB));
      }
    }
  }

  private void conv3d(GemmRun run, Op.Conv3d op, Value out) {
    // Read once: an access to memory outside of the heap costs more than all arithmetic here.
    double[] x = doubles(run.tensor(op.x()));
    double[] weight = doubles(run.tensor(op.weight()));
    int[] extents = extents(op.x());
    int[] kernel = extents(op.weight());
    int outputs = out.shape().intDim(3);
    int width = out.shape().intDim(2);
    int height = out.shape().intDim(1);
    terms = Math.toIntExact(op.weight().shape().inner(0));
    for (int at = 0; at < sums.length; at++) {
      int position = at / outputs;
      int[] place = {position / width / height, position / width % height, position % width};
      for (int term = 0; term < terms; term++) {
        int from = input(op.geometry(), extents, kernel, place, term);
        if (from >= 0) {
          add(at, x[from], weight[at % outputs * terms + term]);
        }
      }
    }
    bias(run, op.bias(), outputs);
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

  /**
   * Element of x [T, H, W, C] that meets a term of the weight [C, kt, kh, kw]; -1 in the padding.
   */
  private static int input(ConvGeometry g, int[] x, int[] kernel, int[] place, int term) {
    int w = place[2] * g.strideW() - g.padWBefore() + term % kernel[4];
    int h = place[1] * g.strideH() - g.padHBefore() + term / kernel[4] % kernel[3];
    int t = place[0] * g.strideT() - g.padTBefore() + term / kernel[4] / kernel[3] % kernel[2];
    int channel = term / kernel[4] / kernel[3] / kernel[2];
    boolean inside = t >= 0 && t < x[0] && h >= 0 && h < x[1] && w >= 0 && w < x[2];
    return inside ? ((t * x[1] + h) * x[2] + w) * x[3] + channel : -1;
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
