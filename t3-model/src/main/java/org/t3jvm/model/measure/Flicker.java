package org.t3jvm.model.measure;

/**
 * Temporal flicker: the mean absolute difference of luminance from a frame to the next, in grey
 * levels (the difference that VBench's temporal flickering is 255 less of: Z. Huang et al.: VBench,
 * CVPR 2024, section 3.1). Motion raises it as flicker does; it compares videos that move alike.
 */
public final class Flicker {
  private Flicker() {}

  /**
   * before, after [H, W]: their mean absolute difference.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double of(Plane before, Plane after) {
    before.requireLike(after);
    double sum = 0;
    for (int i = 0; i < before.values().length; i++) {
      sum += Math.abs(after.values()[i] - before.values()[i]);
    }
    return sum / before.values().length;
  }
}
