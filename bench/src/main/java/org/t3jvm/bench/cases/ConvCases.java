package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;

/**
 * {@link org.t3jvm.tensor.graph.Op.Conv3d} as in the Wan2.1 VAE's decoder: one new frame after two
 * kept ones, at each stage's width; and the upsampling between stages as its two ops.
 */
final class ConvCases {
  /** Rows, columns, channels in and out. */
  private static final int[][] SIZES = {
    {68, 120, 384, 384}, {136, 240, 192, 192}, {272, 480, 96, 96}, {272, 480, 96, 3}
  };

  private static final int KEPT_FRAMES = 2;

  private ConvCases() {}

  static List<GraphCase> all() {
    List<GraphCase> cases = new ArrayList<>();
    for (int[] s : SIZES) {
      cases.add(
          GraphCase.of(
              Suite.CONV3D,
              "3x3x3-%d-%d".formatted(s[2], s[3]),
              "1+2 frames of %dx%d, %d -> %d channels".formatted(s[0], s[1], s[2], s[3]),
              conv(s[0], s[1], s[2], s[3])));
    }
    cases.add(
        GraphCase.of(
            Suite.CONV3D,
            "upsample-3x3-192-96",
            "1 frame of 136x240 doubled, 192 -> 96 channels",
            upsample(136, 240, 192, 96)));
    return cases;
  }

  static Graph conv(int rows, int columns, int in, int out) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.conv3d(
            g.input("x", DType.F32, Shape.of(1 + KEPT_FRAMES, rows, columns, in)),
            g.parameter("weight", DType.F32, Shape.of(out, in, 3, 3, 3)),
            g.parameter("bias", DType.F32, Shape.of(out)),
            ConvGeometry.sameInSpace(3, 3)));
    return g.graph();
  }

  static Graph upsample(int rows, int columns, int in, int out) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.conv3d(
            g.upsample(g.input("x", DType.F32, Shape.of(1, rows, columns, in)), 2),
            g.parameter("weight", DType.F32, Shape.of(out, in, 1, 3, 3)),
            g.parameter("bias", DType.F32, Shape.of(out)),
            ConvGeometry.sameInSpace(3, 3)));
    return g.graph();
  }
}
