package org.t3jvm.model.vae;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/**
 * Gives the latents of a trained autoencoder mean 0 and deviation 1 in every channel, without any
 * change of the frames that come back: the map goes into the two 1x1x1 convolutions beside the
 * latents, where upstream's constants already apply (SPEC 6).
 *
 * @param mean of each channel of the normalised latents that the autoencoder gives now
 * @param deviation of each channel, above 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record LatentFold(float[] mean, float[] deviation) {
  /** A channel that has collapsed is not blown up beyond this share of the widest one. */
  private static final float FLOOR = 0.25f;

  private static final String TO_LATENTS = "conv1.";
  private static final String FROM_LATENTS = "conv2.";

  /**
   * The fold for latents F32 [z, ...] of many clips, each.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static LatentFold of(Iterable<Tensor> latents) {
    double[] sums = {};
    double[] squares = {};
    double count = 0;
    for (Tensor each : latents) {
      int channels = each.shape().intDim(0);
      if (sums.length == 0) {
        sums = new double[channels];
        squares = new double[channels];
      }
      float[] values = each.toFloats();
      int cells = values.length / channels;
      for (int i = 0; i < values.length; i++) {
        sums[i / cells] += values[i];
        squares[i / cells] += (double) values[i] * values[i];
      }
      count += cells;
    }
    if (count == 0) {
      throw new IllegalArgumentException("there are no latents to measure");
    }
    return of(sums, squares, count);
  }

  private static LatentFold of(double[] sums, double[] squares, double count) {
    float[] mean = new float[sums.length];
    float[] deviation = new float[sums.length];
    float widest = 0;
    for (int c = 0; c < sums.length; c++) {
      double middle = sums[c] / count;
      mean[c] = (float) middle;
      deviation[c] = (float) Math.sqrt(Math.max(0, squares[c] / count - middle * middle));
      widest = Math.max(widest, deviation[c]);
    }
    for (int c = 0; c < sums.length; c++) {
      deviation[c] = Math.max(deviation[c], FLOOR * widest);
    }
    return new LatentFold(mean, deviation);
  }

  /** The tensors that change, F32, by name. */
  public Map<String, Tensor> apply(VaeConfig config, Parameters parameters) {
    int z = config.latentChannels();
    LatentScaling scaling = config.family().scaling();
    float[] toWeight = parameters.tensor(TO_LATENTS + "weight").toFloats();
    float[] toBias = parameters.tensor(TO_LATENTS + "bias").toFloats();
    float[] fromWeight = parameters.tensor(FROM_LATENTS + "weight").toFloats();
    float[] fromBias = parameters.tensor(FROM_LATENTS + "bias").toFloats();
    for (int c = 0; c < z; c++) {
      float scale = 1 / deviation[c];
      // Upstream normalises (mu - M) / S; mu becomes scale * mu + shift.
      float shift = scaling.mean(c) - (scaling.mean(c) + mean[c] / scaling.reciprocal(c)) * scale;
      for (int i = 0; i < 2 * z; i++) {
        toWeight[c * 2 * z + i] *= scale;
      }
      toBias[c] = scale * toBias[c] + shift;
      toBias[z + c] += 2 * (float) Math.log(scale);
      for (int out = 0; out < z; out++) {
        fromWeight[out * z + c] *= deviation[c];
        fromBias[out] -= fromWeight[out * z + c] * shift;
      }
    }
    Map<String, Tensor> changed = new LinkedHashMap<>();
    changed.put(
        TO_LATENTS + "weight", Tensor.ofFloats(Shape.of(2L * z, 2L * z, 1, 1, 1), toWeight));
    changed.put(TO_LATENTS + "bias", Tensor.ofFloats(Shape.of(2L * z), toBias));
    changed.put(FROM_LATENTS + "weight", Tensor.ofFloats(Shape.of(z, z, 1, 1, 1), fromWeight));
    changed.put(FROM_LATENTS + "bias", Tensor.ofFloats(Shape.of(z), fromBias));
    return changed;
  }
}
