package org.t3jvm.tensor.optim;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/** The exponential moving average of weights: {@code average += (1 - decay) (w - average)}. */
public final class WeightAverage {
  private final float share;
  private final int threads;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();

  /**
   * An average that starts at weights, which it copies.
   *
   * @param threads that share an update; its result does not depend on them
   */
  public WeightAverage(double decay, Map<String, Tensor> weights, int threads) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException("EMA: decay must be in [0, 1), got " + decay);
    }
    this.share = (float) (1 - decay);
    this.threads = threads;
    weights.forEach(
        (name, weight) -> {
          Tensor average = Tensor.allocate(DType.F32, weight.shape());
          average.copyFrom(weight);
          averages.put(name, average);
        });
  }

  /** Takes the weights after a step into account. */
  public void update(Map<String, Tensor> weights) {
    Blocks.run(
        threads,
        averages,
        (name, average, from, to) -> {
          MemorySegment a = average.segment();
          MemorySegment w = Optimizer.gradient(weights, name, average).segment();
          for (long i = from; i < to; i++) {
            float before = Lanes.get(a, i);
            Lanes.set(a, i, before + share * (Lanes.get(w, i) - before));
          }
        });
  }

  /** The averages by name; they change with the next {@link #update}. */
  public Map<String, Tensor> weights() {
    return Collections.unmodifiableMap(averages);
  }
}
