package org.t3jvm.model.primer;

import java.util.Arrays;
import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.tensor.Shape;

/**
 * Weights that the training of a VAE (SPEC 6) starts from. Convolutions see only the newest frame
 * at first, so that what is learned from images carries over to videos; resampling in time starts
 * as a copy or a mean.
 */
record PrimerVae(SeededValues random) implements InitialWeights {
  private static final double SECOND_CONVOLUTION_GAIN = 0.3;
  private static final double ATTENTION_GAIN = 0.1;
  private static final double TIME_GAIN = 0.3;
  private static final float LOG_VARIANCE = -2;
  private static final int TIME_TAPS = 3;

  @Override
  public float[] values(String name, Shape shape) {
    if (name.endsWith(".gamma")) {
      return InitialWeights.constant(shape, 1);
    }
    if (name.equals("conv1.bias")) {
      return smallVariance(shape);
    }
    if (name.endsWith("time_conv.weight")) {
      return name.startsWith("encoder.") ? halvesTime(name, shape) : doublesTime(shape);
    }
    if (name.endsWith(".residual.6.weight")) {
      return newestFrame(name, shape, SECOND_CONVOLUTION_GAIN);
    }
    if (name.endsWith(".proj.weight")) {
      return InitialWeights.common(random, name, shape, ATTENTION_GAIN);
    }
    boolean seesTime = shape.rank() == 5 && shape.intDim(2) == TIME_TAPS;
    return seesTime ? newestFrame(name, shape, 1) : InitialWeights.common(random, name, shape, 1);
  }

  /**
   * [2z], means before logarithms of variances: latents are drawn close to their means at first.
   */
  private static float[] smallVariance(Shape shape) {
    float[] bias = InitialWeights.constant(shape, 0);
    Arrays.fill(bias, bias.length / 2, bias.length, LOG_VARIANCE);
    return bias;
  }

  /** [out, in, 3, 3, 3]: random taps of the newest frame, 0 for the two before. */
  private float[] newestFrame(String name, Shape shape, double gain) {
    int area = shape.intDim(3) * shape.intDim(4);
    int pairs = shape.intDim(0) * shape.intDim(1);
    double deviation = gain / Math.sqrt((double) shape.intDim(1) * area);
    float[] newest = random.normal(name, pairs * area, deviation);
    float[] weight = new float[pairs * TIME_TAPS * area];
    for (int pair = 0; pair < pairs; pair++) {
      System.arraycopy(
          newest, pair * area, weight, (pair * TIME_TAPS + TIME_TAPS - 1) * area, area);
    }
    return weight;
  }

  /** [2C, C, 3, 1, 1]: both frames are the newest one. */
  private static float[] doublesTime(Shape shape) {
    int in = shape.intDim(1);
    float[] weight = InitialWeights.constant(shape, 0);
    for (int out = 0; out < shape.intDim(0); out++) {
      weight[(out * in + out % in) * TIME_TAPS + TIME_TAPS - 1] = 1;
    }
    return weight;
  }

  /** [C, C, 3, 1, 1]: the mean of the last two frames, and some noise. */
  private float[] halvesTime(String name, Shape shape) {
    float[] weight = InitialWeights.common(random, name, shape, TIME_GAIN);
    int channels = shape.intDim(0);
    for (int c = 0; c < channels; c++) {
      int last = (c * channels + c) * TIME_TAPS + TIME_TAPS - 1;
      weight[last] += 0.5f;
      weight[last - 1] += 0.5f;
    }
    return weight;
  }
}
