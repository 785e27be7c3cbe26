package org.t3jvm.tensor.optim;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * All gradients of a step as one vector. No result depends on the number of threads that share the
 * work.
 */
public final class GradientSet {
  /** Keeps the factor of a tiny norm finite, as torch does. */
  private static final double NORM_EPS = 1e-6;

  private GradientSet() {}

  /** The L2 norm of all elements; not finite if one of them is not. */
  public static double norm(Map<String, Tensor> gradients, int threads) {
    return Math.sqrt(Blocks.sum(threads, gradients, GradientSet::squares));
  }

  private static double squares(Tensor gradient, long from, long to) {
    MemorySegment g = gradient.segment();
    double sum = 0;
    for (long i = from; i < to; i++) {
      double element = Lanes.get(g, i);
      sum += element * element;
    }
    return sum;
  }

  /**
   * Scales gradients in place so that their norm is at most {@code most}.
   *
   * @param norm their {@link #norm}
   */
  public static void clip(Map<String, Tensor> gradients, double norm, double most, int threads) {
    double factor = most / (norm + NORM_EPS);
    if (factor < 1) {
      scale(gradients, (float) factor, threads);
    }
  }

  /** Multiplies gradients in place. */
  public static void scale(Map<String, Tensor> gradients, float factor, int threads) {
    Blocks.run(
        threads,
        gradients,
        (name, gradient, from, to) -> {
          MemorySegment g = gradient.segment();
          for (long i = from; i < to; i++) {
            Lanes.set(g, i, Lanes.get(g, i) * factor);
          }
        });
  }

  /** Adds gradients to sums, in place. */
  public static void add(Map<String, Tensor> sums, Map<String, Tensor> gradients, int threads) {
    Blocks.run(
        threads,
        sums,
        (name, sum, from, to) -> {
          MemorySegment s = sum.segment();
          MemorySegment g = Optimizer.gradient(gradients, name, sum).segment();
          for (long i = from; i < to; i++) {
            Lanes.set(s, i, Lanes.get(s, i) + Lanes.get(g, i));
          }
        });
  }
}
