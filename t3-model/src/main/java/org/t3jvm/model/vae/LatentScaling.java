package org.t3jvm.model.vae;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Mean and spread of each latent channel of the Wan2.1 VAE (SPEC 6). The DiT sees latents with mean
 * 0 and deviation 1; upstream stores the float32 reciprocal of the deviation, and so does this.
 */
final class LatentScaling {
  private static final float[] MEAN = {
    -0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f, //
    0.4134f, -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f
  };

  private static final float[] DEVIATION = {
    2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f, //
    3.2687f, 2.1526f, 2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.9160f
  };

  private LatentScaling() {}

  /** Latent channels that there are constants for. */
  static int channels() {
    return MEAN.length;
  }

  /** {@code (mu - mean) * (1 / deviation)} over channels-last mu [..., z]. */
  static Value normalize(Tracer g, Value mu) {
    return g.mul(g.sub(mu, g.constant(mean())), g.constant(reciprocals()));
  }

  /** {@code z / (1 / deviation) + mean} over channels-last z [..., z]. */
  static Value denormalize(Tracer g, Value z) {
    return g.add(g.div(z, g.constant(reciprocals())), g.constant(mean()));
  }

  private static Tensor mean() {
    return Tensor.ofFloats(Shape.of(MEAN.length), MEAN);
  }

  private static Tensor reciprocals() {
    float[] reciprocals = new float[DEVIATION.length];
    for (int i = 0; i < reciprocals.length; i++) {
      reciprocals[i] = 1 / DEVIATION[i];
    }
    return Tensor.ofFloats(Shape.of(reciprocals.length), reciprocals);
  }
}
