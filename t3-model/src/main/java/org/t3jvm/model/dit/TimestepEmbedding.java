package org.t3jvm.model.dit;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The sinusoid that a timestep enters the DiT as (SPEC 4, step 1). */
public final class TimestepEmbedding {
  private static final double BASE = 10000;

  private TimestepEmbedding() {}

  /**
   * Sinusoids [timesteps, freqDim]: cosines first, then sines, computed in float64.
   *
   * @param timesteps in thousandths of the noise schedule, 0 to 1000
   */
  public static Tensor sinusoid(int freqDim, float... timesteps) {
    int half = freqDim / 2;
    float[] rows = new float[timesteps.length * freqDim];
    for (int r = 0; r < timesteps.length; r++) {
      for (int i = 0; i < half; i++) {
        double angle = timesteps[r] * Math.pow(BASE, -(double) i / half);
        rows[r * freqDim + i] = (float) Math.cos(angle);
        rows[r * freqDim + half + i] = (float) Math.sin(angle);
      }
    }
    return Tensor.ofFloats(Shape.of(timesteps.length, freqDim), rows);
  }
}
