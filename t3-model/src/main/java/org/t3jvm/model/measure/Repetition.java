package org.t3jvm.model.measure;

/**
 * Repetition of content within a frame, from 0 to 1: the highest normalised autocorrelation of
 * luminance over shifts that leave half of the frame overlapping, but for those shorter than an
 * eighth of its longer side. Objects that a model draws again and again beyond the size it was
 * trained for raise it (Y. He et al.: ScaleCrafter, ICLR 2024, shows the failure); so do textures
 * that repeat, such as a fence, so it compares videos of one prompt. Frames are first averaged down
 * to 96 pixels at most, and freed of what varies over more than an eighth of their longer side, as
 * any smooth shading correlates with itself.
 */
public final class Repetition {
  private static final int SIDE = 96;

  /** The shortest shift, and what counts as shading, as parts of the longer side. */
  private static final int PARTS = 8;

  /** Less than this is a frame without content, in grey levels squared a pixel. */
  private static final double EMPTY = 0.01;

  private Repetition() {}

  /** plane [H, W]: the highest correlation with itself shifted; 0 if it has no content. */
  public static double of(Plane plane) {
    Plane small = Pyramid.averaged(plane, SIDE);
    int longer = Math.max(small.height(), small.width());
    double sigma = (double) longer / PARTS / 2;
    Plane shading =
        Smoothing.smooth(small, Smoothing.gaussian((int) Math.ceil(2 * sigma), sigma), 1);
    Plane content = Plane.zeros(small.height(), small.width());
    double energy = 0;
    for (int i = 0; i < content.values().length; i++) {
      content.values()[i] = small.values()[i] - shading.values()[i];
      energy += content.values()[i] * content.values()[i];
    }
    double pixels = content.values().length;
    if (energy < EMPTY * pixels) {
      return 0;
    }
    int shortest = Math.max(2, longer / PARTS);
    double highest = 0;
    for (int dy = 0; dy <= content.height() / 2; dy++) {
      for (int dx = -content.width() / 2; dx <= content.width() / 2; dx++) {
        if (dy * dy + dx * dx >= shortest * shortest && (dy > 0 || dx > 0)) {
          highest = Math.max(highest, correlation(content, dy, dx, energy / pixels));
        }
      }
    }
    return highest;
  }

  /**
   * The correlation of what overlaps. Where it holds less of the content than the frame does, it is
   * divided by what the frame holds on as many pixels: two empty corners are no repetition.
   */
  private static double correlation(Plane content, int dy, int dx, double energy) {
    int x0 = Math.max(0, -dx);
    int x1 = Math.min(content.width(), content.width() - dx);
    double product = 0;
    double here = 0;
    double there = 0;
    for (int y = 0; y < content.height() - dy; y++) {
      for (int x = x0; x < x1; x++) {
        double a = content.at(y, x);
        double b = content.at(y + dy, x + dx);
        product += a * b;
        here += a * a;
        there += b * b;
      }
    }
    double share = energy * (content.height() - dy) * (x1 - x0);
    return product / Math.max(share, Math.sqrt(here * there));
  }
}
