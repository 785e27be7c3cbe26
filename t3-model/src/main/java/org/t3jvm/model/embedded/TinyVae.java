package org.t3jvm.model.embedded;

import org.t3jvm.model.initial.InitialWeights;
import org.t3jvm.model.initial.SeededValues;
import org.t3jvm.tensor.Shape;

/**
 * Initial weights of a VAE (SPEC 6 and 7): convolutions blur in space, look mostly at the newest
 * frame, and mix channels at random, so that decoded frames are smooth and continuous in time.
 */
record TinyVae(SeededValues random) implements InitialWeights {
  private static final float[] BLUR = {0.25f, 0.5f, 0.25f};
  private static final float[] MOSTLY_NEWEST = {0, 0.1f, 0.9f};
  private static final float[] HALFWAY = {0, 0.5f, 0.5f};
  private static final float[] NEWEST = {0, 0, 1};
  private static final float[] SINGLE = {1};
  private static final int COLOURS = 3;
  private static final double BIAS_DEVIATION = 0.05;
  private static final double GRAIN = 0.2;
  private static final double ATTENTION_GAIN = 0.5;
  private static final double UPSAMPLE_GAIN = 1.4;

  /** Makes pixels spread over [-1, 1] with a deviation of about 0.4. */
  private static final double CONTRAST = 1;

  @Override
  public float[] values(String name, Shape shape) {
    if (name.endsWith(".gamma")) {
      return InitialWeights.constant(shape, 1);
    }
    if (name.endsWith("time_conv.weight")) {
      return timeConv(shape);
    }
    return switch (name) {
      // The two convolutions between latents and their scaling have nothing to do here.
      case "conv1.weight", "conv2.weight" -> identity(shape);
      case "conv1.bias", "conv2.bias", "decoder.head.2.bias" -> InitialWeights.constant(shape, 0);
      case "decoder.head.2.weight" -> head(name, shape);
      default ->
          name.endsWith(".bias")
              ? random.normal(name, Math.toIntExact(shape.elements()), BIAS_DEVIATION)
              : smooth(name, shape, gain(name));
    };
  }

  private static double gain(String name) {
    if (name.endsWith(".proj.weight")) {
      return ATTENTION_GAIN;
    }
    return name.startsWith("decoder.") && name.endsWith("resample.1.weight") ? UPSAMPLE_GAIN : 1;
  }

  private static float[] identity(Shape shape) {
    float[] weight = InitialWeights.constant(shape, 0);
    int channels = shape.intDim(0);
    for (int c = 0; c < channels; c++) {
      weight[c * channels + c] = 1;
    }
    return weight;
  }

  /**
   * [C, C, 3, 1, 1] or [2C, C, 3, 1, 1]: each channel from itself. Where time doubles, the even
   * frame lies halfway between the last frame and this one, and the odd one is this one.
   */
  private static float[] timeConv(Shape shape) {
    int in = shape.intDim(1);
    float[] weight = InitialWeights.constant(shape, 0);
    for (int out = 0; out < shape.intDim(0); out++) {
      float[] taps = out >= in ? NEWEST : HALFWAY;
      System.arraycopy(taps, 0, weight, (out * in + out % in) * taps.length, taps.length);
    }
    return weight;
  }

  /** [out, in, kernel...]: a random mix of channels times a blurring kernel, plus some noise. */
  private float[] smooth(String name, Shape shape, double gain) {
    int in = shape.intDim(1);
    float[] kernel = kernel(shape);
    int pairs = shape.intDim(0) * in;
    float[] mix = zeroMean(random.normal(name, pairs, gain / Math.sqrt(in)), in, 1);
    float[] weight =
        random.normal(
            name + ".grain",
            pairs * kernel.length,
            kernel.length == 1 ? 0 : GRAIN * gain / Math.sqrt((double) in * kernel.length));
    zeroMean(weight, in, kernel.length);
    for (int i = 0; i < weight.length; i++) {
      weight[i] += mix[i / kernel.length] * kernel[i % kernel.length];
    }
    return weight;
  }

  /** All taps of a kernel, time outermost; they sum to 1. */
  private static float[] kernel(Shape shape) {
    float[] space = shape.dim(-1) == 1 ? SINGLE : BLUR;
    float[] time = shape.rank() == 5 && shape.dim(2) > 1 ? MOSTLY_NEWEST : SINGLE;
    float[] kernel = new float[time.length * space.length * space.length];
    int at = 0;
    for (float t : time) {
      for (float y : space) {
        for (float x : space) {
          kernel[at++] = t * y * x;
        }
      }
    }
    return kernel;
  }

  /**
   * Makes weights [out, in, taps] sum to 0 over their inputs: what all inputs share, such as the
   * mean that SiLU leaves, would otherwise drown the picture.
   */
  private static float[] zeroMean(float[] weight, int in, int taps) {
    for (int start = 0; start < weight.length; start += in * taps) {
      for (int tap = 0; tap < taps; tap++) {
        float sum = 0;
        for (int i = 0; i < in; i++) {
          sum += weight[start + i * taps + tap];
        }
        for (int i = 0; i < in; i++) {
          weight[start + i * taps + tap] -= sum / in;
        }
      }
    }
    return weight;
  }

  /**
   * The same contrast in red, green and blue, whatever random mix each of them is; the pixels of a
   * folded square are alike.
   */
  private float[] head(String name, Shape shape) {
    float[] colours = smooth(name, shape.with(0, COLOURS), 1);
    int each = colours.length / COLOURS;
    int pixels = shape.intDim(0) / COLOURS;
    float[] weight = new float[colours.length * pixels];
    for (int out = 0; out < shape.intDim(0); out++) {
      System.arraycopy(colours, out / pixels * each, weight, out * each, each);
    }
    int in = shape.intDim(1);
    int taps = weight.length / (shape.intDim(0) * in);
    for (int start = 0; start < weight.length; start += in * taps) {
      double squares = 0;
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int tap = 0; tap < taps; tap++) {
          sum += weight[start + i * taps + tap];
        }
        squares += sum * sum;
      }
      float scale = (float) (CONTRAST / Math.sqrt(squares));
      for (int i = 0; i < in * taps; i++) {
        weight[start + i] *= scale;
      }
    }
    return weight;
  }
}
