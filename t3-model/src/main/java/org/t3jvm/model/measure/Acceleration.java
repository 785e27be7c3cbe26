package org.t3jvm.model.measure;

/**
 * Smoothness of motion: the mean length of the second difference of position along a pixel's path,
 * in pixels a frame squared. With the flows from a frame to the next and to the one before, that is
 * the length of their sum; 0 for motion of constant velocity.
 */
public final class Acceleration {
  private Acceleration() {}

  /**
   * toNext, toPrevious [H, W] of one frame: the mean length of their sum.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public static double of(Flow toNext, Flow toPrevious) {
    toNext.down().requireLike(toPrevious.down());
    return new Flow(sum(toNext.down(), toPrevious.down()), sum(toNext.right(), toPrevious.right()))
        .meanLength();
  }

  private static Plane sum(Plane a, Plane b) {
    Plane sum = Plane.zeros(a.height(), a.width());
    for (int i = 0; i < sum.values().length; i++) {
      sum.values()[i] = a.values()[i] + b.values()[i];
    }
    return sum;
  }
}
