package org.t3jvm.model.train;

import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Losses as ops: means over all elements of values of one shape, each [1]. */
public final class Losses {
  private Losses() {}

  /** {@code mean((a - b)^2)}. */
  public static Value squared(Tracer g, Value a, Value b) {
    Value difference = g.sub(a, b);
    return mean(g, g.mul(difference, difference));
  }

  /** {@code mean(|a - b|)}; its gradient is 0 where a equals b. */
  public static Value absolute(Tracer g, Value a, Value b) {
    Value difference = g.sub(a, b);
    Value positive = g.clamp(difference, 0, Float.POSITIVE_INFINITY);
    Value negative = g.clamp(difference, Float.NEGATIVE_INFINITY, 0);
    return mean(g, g.sub(positive, negative));
  }

  /** {@code mean(sqrt((a - b)^2 + eps^2))}. */
  public static Value charbonnier(Tracer g, Value a, Value b, float eps) {
    Value difference = g.sub(a, b);
    return mean(g, g.sqrt(g.affine(g.mul(difference, difference), 1, eps * eps)));
  }

  /**
   * The divergence of normal distributions from the standard one, {@code mean(m^2 + e^l - 1 - l) /
   * 2} of means m and logarithms l of variances.
   */
  public static Value divergence(Tracer g, Value mean, Value logVariance) {
    Value rest = g.sub(g.exp(logVariance), g.affine(logVariance, 1, 1));
    return g.affine(mean(g, g.add(g.mul(mean, mean), rest)), 0.5f, 0);
  }

  /** The mean of all elements, [1]. */
  static Value mean(Tracer g, Value x) {
    return g.reduce(Op.Reduce.Kind.MEAN, g.reshape(x, x.shape().elements()), 0);
  }
}
