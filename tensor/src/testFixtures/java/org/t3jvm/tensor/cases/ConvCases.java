package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.Conv3d}: the kernels, strides and paddings of the VAEs, and others. */
final class ConvCases {
  private static final int[][] KERNELS = {{1, 1, 1}, {3, 3, 3}, {3, 1, 1}, {1, 3, 3}, {2, 3, 1}};
  private static final int[] CHANNELS = {1, 3, 4, 96, 100};
  private static final int[] OUTPUTS = {1, 3, 5, 96};

  private ConvCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (int[] kernel : KERNELS) {
      for (int channels : CHANNELS) {
        for (int outputs : OUTPUTS) {
          DType dtype = LinearCases.WEIGHTS.get(turn % 3);
          ConvGeometry same = ConvGeometry.sameInSpace(kernel[1], kernel[2]);
          cases.add(conv(dtype, outputs, kernel, same, turn++ % 2 == 0, 4, 5, 6, channels));
        }
      }
    }
    for (DType dtype : LinearCases.WEIGHTS) {
      for (int[] kernel : KERNELS) {
        for (ConvGeometry geometry : geometries()) {
          cases.add(conv(dtype, 7, kernel, geometry, turn % 2 == 0, 4, 7, 6, 5));
          cases.add(conv(dtype, 19, kernel, geometry, turn % 2 == 1, 4, 7, 6, 5));
          cases.add(conv(dtype, 19, kernel, geometry, turn++ % 2 == 0, 4, 7, 6, 67));
        }
      }
    }
    cases.addAll(awkward());
    return cases;
  }

  private static List<ConvGeometry> geometries() {
    return List.of(
        ConvGeometry.valid(),
        // Causal: two frames before, none after.
        new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 1),
        // The VAEs' downsampling: a row and a column after, none before.
        new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1),
        new ConvGeometry(2, 1, 1, 0, 0, 0, 0, 0, 0),
        new ConvGeometry(2, 2, 2, 1, 0, 0, 1, 2, 0),
        new ConvGeometry(1, 3, 1, 0, 2, 3, 0, 0, 4));
  }

  private static List<OpCase> awkward() {
    ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
    int[] cube = {3, 3, 3};
    int[] plane = {1, 3, 3};
    return List.of(
        conv(DType.F32, 5, cube, same, true, 3, 17, 17, 3),
        conv(DType.BF16, 33, cube, same, true, 4, 13, 19, 10),
        conv(DType.F16, 12, plane, same, true, 1, 31, 33, 7),
        // Channels in several parts, of different sizes.
        conv(DType.BF16, 40, cube, same, true, 3, 9, 17, 257),
        conv(DType.F32, 40, plane, same, true, 1, 9, 31, 513),
        // Few outputs, and more columns and rows than a strip has.
        conv(DType.BF16, 3, cube, same, true, 4, 37, 90, 96),
        conv(DType.F32, 8, plane, same, true, 1, 33, 70, 130),
        // Each frame of the result sees one frame of x.
        conv(DType.F32, 40, cube, new ConvGeometry(1, 1, 1, 2, 2, 1, 1, 1, 1), true, 1, 7, 67, 65),
        conv(
            DType.F32, 4, plane, new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1), true, 1, 70, 91, 130),
        // Few channels and outputs: more columns, or more rows, than a strip has; strides.
        conv(DType.F32, 20, cube, same, true, 3, 3, 130, 60),
        conv(DType.BF16, 16, cube, same, false, 3, 35, 12, 16),
        conv(DType.F16, 24, plane, new ConvGeometry(1, 2, 2, 0, 0, 0, 1, 0, 1), true, 1, 9, 49, 20),
        conv(DType.F32, 64, plane, same, true, 1, 5, 24, 32),
        conv(DType.F32, 100, plane, same, true, 1, 8, 8, 29),
        conv(DType.F32, 48, new int[] {1, 1, 1}, ConvGeometry.valid(), true, 2, 11, 13, 257),
        // The kernel sees nothing but its middle.
        conv(DType.F32, 4, plane, same, true, 1, 1, 1, 6),
        conv(DType.F32, 4, cube, new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 1), true, 1, 1, 5, 6),
        conv(DType.F32, 4, cube, same, true, 3, 1, 65, 2),
        // Whole fields of padding.
        conv(DType.F32, 3, plane, new ConvGeometry(1, 1, 1, 1, 1, 4, 4, 4, 4), true, 1, 2, 2, 3),
        conv(DType.F32, 3, new int[] {1, 5, 7}, ConvGeometry.valid(), false, 1, 5, 7, 2),
        conv(
            DType.F32,
            3,
            new int[] {1, 2, 2},
            new ConvGeometry(1, 2, 2, 0, 0, 0, 0, 0, 0),
            true,
            2,
            6,
            8,
            16));
  }

  private static OpCase conv(
      DType dtype, int outputs, int[] kernel, ConvGeometry geometry, boolean biased, long... dims) {
    CaseBuilder c = new CaseBuilder("conv3d");
    long[] weights = {outputs, dims[3], kernel[0], kernel[1], kernel[2]};
    Value x = c.input("x", dims);
    Value weight = c.parameter("weight", dtype, weights);
    @Nullable Value bias = biased ? c.parameter("bias", DType.F32, outputs) : null;
    return c.returns(
        c.g.conv3d(x, weight, bias, geometry),
        Tolerance.ofSum(dims[3] * kernel[0] * kernel[1] * kernel[2], 1),
        "%s x %s %s%s, %s",
        CaseBuilder.dims(dims),
        dtype,
        CaseBuilder.dims(weights),
        biased ? " + bias" : "",
        describe(geometry));
  }

  static String describe(ConvGeometry g) {
    return "stride %d,%d,%d pad %d-%d,%d-%d,%d-%d"
        .formatted(
            g.strideT(),
            g.strideH(),
            g.strideW(),
            g.padTBefore(),
            g.padTAfter(),
            g.padHBefore(),
            g.padHAfter(),
            g.padWBefore(),
            g.padWAfter());
  }
}
