package org.t3jvm.tensor.reference;

import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The reference's convolution, against examples by hand and a sum the other way round. */
class ReferenceConvTest {
  private final ReferenceRun run = new ReferenceRun();
  private final Tracer g = run.g;

  /** Cross-correlation: the kernel is not turned around. */
  @Test
  void slidesTheKernelAlongARow() {
    Value x = run.of(Shape.of(1, 1, 4, 1), 1, 2, 3, 4);
    Value weight = run.of(Shape.of(1, 1, 1, 1, 3), 1, 10, 100);
    ConvGeometry padded = new ConvGeometry(1, 1, 1, 0, 0, 0, 0, 2, 1);
    assertThatTensor(run.run(g.conv3d(x, weight, run.vector(1000), padded)))
        .hasElements(0, 1100, 1210, 1321, 1432, 1043);
  }

  @Test
  void slidesTheKernelDownFramesAndColumns() {
    Value x = run.of(Shape.of(2, 2, 2, 1), 1, 2, 3, 4, 5, 6, 7, 8);
    Value frames = run.of(Shape.of(1, 1, 2, 1, 1), 1, 10);
    Value rows = run.of(Shape.of(1, 1, 1, 2, 1), 1, 10);
    Value first = g.conv3d(x, frames, null, ConvGeometry.valid());
    Value second = g.conv3d(x, rows, null, ConvGeometry.valid());
    assertThatTensor(run.run(g.concat(0, g.reshape(first, 4), g.reshape(second, 4))))
        .hasElements(0, 51, 62, 73, 84, 31, 42, 75, 86);
  }

  @Test
  void mixesChannels() {
    Value x = run.of(Shape.of(1, 1, 2, 2), 1, 2, 3, 4);
    Value weight = run.of(Shape.of(3, 2, 1, 1, 1), 1, 0, 0, 1, 1, 1);
    assertThatTensor(run.run(g.conv3d(x, weight, run.vector(0, 0, 10), ConvGeometry.valid())))
        .hasElements(0, 1, 2, 13, 3, 4, 17);
  }

  @Test
  void stridesStartAtThePadding() {
    Value x = run.of(Shape.of(1, 1, 5, 1), 1, 2, 3, 4, 5);
    Value weight = run.of(Shape.of(1, 1, 1, 1, 2), 1, 10);
    ConvGeometry geometry = new ConvGeometry(1, 1, 2, 0, 0, 0, 0, 1, 0);
    assertThatTensor(run.run(g.conv3d(x, weight, null, geometry))).hasElements(0, 10, 32, 54);
  }

  static List<ConvGeometry> geometries() {
    return List.of(
        ConvGeometry.valid(),
        ConvGeometry.sameInSpace(3, 2),
        new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 0),
        new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1),
        new ConvGeometry(2, 3, 1, 1, 2, 3, 0, 0, 4));
  }

  /** Every element of x is added to all results whose field it lies in. */
  @ParameterizedTest
  @MethodSource("geometries")
  void equalsTheSumOverInputs(ConvGeometry geometry) {
    Tensor x = ReferenceRun.normal(1, 4, 7, 6, 3);
    Tensor weight = ReferenceRun.normal(2, 5, 3, 2, 3, 2).to(DType.BF16);
    Tensor bias = ReferenceRun.normal(3, 5);
    Value y = g.conv3d(run.of(x), run.of(weight), run.of(bias), geometry);
    assertThatTensor(run.run(y)).hasElements(1e-5, scattered(x, weight, bias, geometry, y.shape()));
  }

  private static double[] scattered(
      Tensor x, Tensor weight, Tensor bias, ConvGeometry g, Shape shape) {
    double[] y = new double[Math.toIntExact(shape.elements())];
    for (int i = 0; i < y.length; i++) {
      y[i] = bias.getDouble(i % 5);
    }
    long[] xs = x.shape().strides();
    long[] ws = weight.shape().strides();
    long[] ys = shape.strides();
    for (long i = 0; i < x.shape().elements(); i++) {
      long t = i / xs[0] + g.padTBefore();
      long h = i / xs[1] % 7 + g.padHBefore();
      long w = i / xs[2] % 6 + g.padWBefore();
      long channel = i % 3;
      for (long j = 0; j < weight.shape().elements(); j++) {
        long fromT = t - j / ws[2] % 2;
        long fromH = h - j / ws[3] % 3;
        long fromW = w - j % 2;
        boolean meets =
            j / ws[1] % 3 == channel
                && starts(fromT, g.strideT(), shape.dim(0))
                && starts(fromH, g.strideH(), shape.dim(1))
                && starts(fromW, g.strideW(), shape.dim(2));
        if (meets) {
          long at =
              fromT / g.strideT() * ys[0]
                  + fromH / g.strideH() * ys[1]
                  + fromW / g.strideW() * ys[2]
                  + j / ws[0];
          y[(int) at] += x.getDouble(i) * weight.getDouble(j);
        }
      }
    }
    return y;
  }

  /** True if a field starts at this padded position. */
  private static boolean starts(long position, int stride, long extent) {
    return position >= 0 && position % stride == 0 && position / stride < extent;
  }
}
