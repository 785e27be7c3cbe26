package org.t3jvm.tensor.optim;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/** All gradients of a step as one vector. */
public final class GradientSet {
  /** Keeps the factor of a tiny norm finite, as torch does. */
  private static final double NORM_EPS = 1e-6;

  private GradientSet() {}

  /** The L2 norm of all elements; not finite if one of them is not. */
  public static double norm(Map<String, Tensor> gradients) {
    double squares = 0;
    for (Tensor gradient : gradients.values()) {
      MemorySegment g = gradient.segment();
      squares +=
          Blocks.sum(
              gradient.shape().elements(),
              (from, to) -> {
                double sum = 0;
                for (long i = from; i < to; i++) {
                  double element = Lanes.get(g, i);
                  sum += element * element;
                }
                return sum;
              });
    }
    return Math.sqrt(squares);
  }

  /**
   * Scales gradients in place so that their norm is at most {@code most}.
   *
   * @param norm their {@link #norm}
   */
  public static void clip(Map<String, Tensor> gradients, double norm, double most) {
    double factor = most / (norm + NORM_EPS);
    if (factor < 1) {
      scale(gradients, (float) factor);
    }
  }

  /** Multiplies gradients in place. */
  public static void scale(Map<String, Tensor> gradients, float factor) {
    for (Tensor gradient : gradients.values()) {
      MemorySegment g = gradient.segment();
      Blocks.run(
          gradient.shape().elements(),
          (from, to) -> {
            for (long i = from; i < to; i++) {
              Lanes.set(g, i, Lanes.get(g, i) * factor);
            }
          });
    }
  }

  /** Adds gradients to sums, in place. */
  public static void add(Map<String, Tensor> sums, Map<String, Tensor> gradients) {
    sums.forEach(
        (name, sum) -> {
          MemorySegment s = sum.segment();
          MemorySegment g = Optimizer.gradient(gradients, name, sum).segment();
          Blocks.run(
              sum.shape().elements(),
              (from, to) -> {
                for (long i = from; i < to; i++) {
                  Lanes.set(s, i, Lanes.get(s, i) + Lanes.get(g, i));
                }
              });
        });
  }
}
