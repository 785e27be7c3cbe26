package org.t3jvm.tensor.optim;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/** Plain gradient descent with decoupled decay: {@code w -= rate (g + decay w)}. */
public final class Sgd implements Optimizer {
  private final double decay;
  private final int threads;
  private long steps;

  /**
   * Descent whose weights shrink by {@code rate decay} of themselves a step.
   *
   * @param threads that share a step; its result does not depend on them
   */
  public Sgd(double decay, int threads) {
    if (!(decay >= 0)) {
      throw new IllegalArgumentException("SGD: decay must be at least 0, got " + decay);
    }
    this.decay = decay;
    this.threads = threads;
  }

  @Override
  public void step(Map<String, Tensor> weights, Map<String, Tensor> gradients, double rate) {
    weights.forEach((name, weight) -> Optimizer.gradient(gradients, name, weight));
    steps++;
    float keep = (float) (1 - rate * decay);
    float size = (float) rate;
    Blocks.run(
        threads,
        weights,
        (name, weight, from, to) -> {
          MemorySegment w = weight.segment();
          MemorySegment g = Optimizer.gradient(gradients, name, weight).segment();
          for (long i = from; i < to; i++) {
            Lanes.set(w, i, Lanes.get(w, i) * keep - size * Lanes.get(g, i));
          }
        });
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of();
  }

  @Override
  public void restore(long taken, Map<String, Tensor> state) {
    steps = taken;
  }
}
