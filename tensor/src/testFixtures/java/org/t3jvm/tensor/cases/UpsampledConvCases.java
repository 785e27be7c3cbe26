package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Value;

/** Cases of a convolution of an upsampled value, which a backend may compute without having it. */
final class UpsampledConvCases {
  private static final ConvGeometry SAME = ConvGeometry.sameInSpace(3, 3);
  private static final ConvGeometry CAUSAL = new ConvGeometry(1, 1, 1, 2, 0, 1, 1, 1, 1);

  private UpsampledConvCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (int channels : new int[] {1, 5, 70, 300}) {
      for (int outputs : new int[] {3, 19, 70}) {
        for (long[] size : new long[][] {{3, 1, 1}, {3, 5, 7}, {4, 9, 12}}) {
          DType dtype = LinearCases.WEIGHTS.get(turn % 3);
          cases.add(conv(dtype, outputs, 1, SAME, turn % 2 == 0, size, channels));
          cases.add(conv(dtype, outputs, 3, SAME, turn % 2 == 1, size, channels));
          turn++;
        }
      }
    }
    long[] size = {4, 6, 5};
    cases.add(conv(DType.F32, 20, 3, CAUSAL, true, size, 12));
    cases.add(conv(DType.F32, 20, 2, new ConvGeometry(2, 1, 1, 0, 1, 1, 1, 1, 1), true, size, 80));
    // Others than those of which parts of the kernel see the same positions.
    cases.add(conv(DType.F32, 20, 1, new ConvGeometry(1, 2, 2, 0, 0, 1, 1, 1, 1), true, size, 12));
    cases.add(conv(DType.F32, 20, 1, new ConvGeometry(1, 1, 1, 0, 0, 1, 1, 0, 1), true, size, 12));
    cases.add(conv(DType.F32, 20, 1, ConvGeometry.valid(), true, size, 12));
    cases.add(followed(5, 12));
    cases.add(followed(70, 40));
    cases.add(readTwice());
    return cases;
  }

  private static OpCase conv(
      DType dtype,
      int outputs,
      int kernelT,
      ConvGeometry geometry,
      boolean biased,
      long[] size,
      int channels) {
    CaseBuilder c = new CaseBuilder("conv3d");
    Value x = c.input("x", size[0], size[1], size[2], channels);
    Value weight = c.parameter("weight", dtype, outputs, channels, kernelT, 3, 3);
    @Nullable Value bias = biased ? c.parameter("bias", DType.F32, outputs) : null;
    return c.returns(
        c.g.conv3d(c.g.upsample(x, 2), weight, bias, geometry),
        Tolerance.ofSum(9L * channels * kernelT, 1),
        "upsampled %s x %s %s%s, %s",
        x.shape(),
        dtype,
        weight.shape(),
        biased ? " + bias" : "",
        ConvCases.describe(geometry));
  }

  /** A residual and an activation follow; what is upsampled is a result, too. */
  private static OpCase followed(int channels, int outputs) {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.g.silu(c.input("x", 2, 7, 9, channels));
    Value residual = c.input("residual", 2, 14, 18, outputs);
    Value weight = c.parameter("weight", DType.BF16, outputs, channels, 1, 3, 3);
    Value bias = c.parameter("bias", DType.F32, outputs);
    Value y = c.g.conv3d(c.g.upsample(x, 2), weight, bias, SAME);
    return c.returns(
        c.g.silu(c.g.add(y, residual)),
        Tolerance.ofSum(channels * 9L, 8),
        "silu, upsample, conv3d to %d outputs, add, silu",
        outputs);
  }

  private static OpCase readTwice() {
    CaseBuilder c = new CaseBuilder("chain");
    Value x = c.g.upsample(c.input("x", 1, 8, 6, 12), 2);
    Value weight = c.parameter("weight", DType.F32, 12, 12, 1, 3, 3);
    Value y = c.g.conv3d(x, weight, null, SAME);
    return c.returns(c.g.add(y, x), Tolerance.ofSum(12 * 9, 8), "conv3d and add of an upsampling");
  }
}
