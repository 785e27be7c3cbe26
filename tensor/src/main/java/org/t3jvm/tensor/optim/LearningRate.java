package org.t3jvm.tensor.optim;

/** The learning rate of every step, counted from 0. */
@FunctionalInterface
public interface LearningRate {
  /** Steps of ViBe's warm-up, which run at a third of the rate. */
  int WARM_STEPS = 5;

  /** The rate of a step. */
  double at(long step);

  /** One rate, but a third of it in steps 0 to 4 (SPEC 21.3). */
  static LearningRate constant(double rate) {
    return step -> step < WARM_STEPS ? rate / 3 : rate;
  }

  /** From {@code first} to {@code last} at step {@code steps}, along half a cosine. */
  static LearningRate cosine(double first, double last, long steps) {
    return step -> last + (first - last) * 0.5 * (1 + Math.cos(Math.PI * share(step, steps)));
  }

  /** From {@code first} to {@code last} at step {@code steps}, along a line. */
  static LearningRate linear(double first, double last, long steps) {
    return step -> first + (last - first) * share(step, steps);
  }

  private static double share(long step, long steps) {
    return Math.min(1, (double) step / Math.max(1, steps));
  }

  /** This rate after {@code steps} steps in which it rises evenly from near 0. */
  default LearningRate warmed(long steps) {
    return step -> at(step) * Math.min(1, (step + 1.0) / Math.max(1, steps));
  }
}
