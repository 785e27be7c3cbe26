package org.t3jvm.tensor.optim;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Adam with decoupled weight decay and bias correction (SPEC 21.3): {@code w -= rate decay w}, then
 * {@code w -= rate m' / (sqrt(v') + eps)} with the corrected means m' of gradients and v' of their
 * squares.
 */
public final class AdamW implements Optimizer {
  private static final String MEAN = "m.";
  private static final String SQUARE = "v.";

  private final Settings settings;
  private final int threads;
  private final Map<String, Tensor> means = new LinkedHashMap<>();
  private final Map<String, Tensor> squares = new LinkedHashMap<>();
  private long steps;

  /**
   * Constants.
   *
   * @param beta1 share of the mean that a step keeps
   * @param beta2 share of the mean square that a step keeps
   * @param eps added to the root
   * @param decay of weights, times the rate, a step
   */
  public record Settings(double beta1, double beta2, double eps, double decay) {
    /** What T3's and ViBe's scripts use: 0.9, 0.999, 1e-8, 0.01. */
    public static final Settings USUAL = new Settings(0.9, 0.999, 1e-8, 0.01);

    public Settings {
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && eps > 0 && decay >= 0)) {
        throw new IllegalArgumentException(
            "AdamW: betas must be in [0, 1), eps above 0, decay at least 0, got %s, %s, %s, %s"
                .formatted(beta1, beta2, eps, decay));
      }
    }
  }

  /**
   * An optimiser that took no step.
   *
   * @param threads that share a step; its result does not depend on them
   */
  public AdamW(Settings settings, int threads) {
    this.settings = settings;
    this.threads = threads;
  }

  @Override
  public void step(Map<String, Tensor> weights, Map<String, Tensor> gradients, double rate) {
    weights.forEach((name, weight) -> Optimizer.gradient(gradients, name, weight));
    steps++;
    Map<String, Moments> moments = new HashMap<>();
    weights.forEach((name, weight) -> moments.put(name, moments(name, weight)));
    Step step = step(rate);
    Blocks.run(
        threads,
        weights,
        (name, weight, from, to) ->
            step.run(
                weight.segment(),
                Optimizer.gradient(gradients, name, weight).segment(),
                Objects.requireNonNull(moments.get(name)),
                from,
                to));
  }

  private record Moments(MemorySegment mean, MemorySegment square) {}

  private Moments moments(String name, Tensor weight) {
    return new Moments(
        means.computeIfAbsent(name, key -> Tensor.allocate(DType.F32, weight.shape())).segment(),
        squares.computeIfAbsent(name, key -> Tensor.allocate(DType.F32, weight.shape())).segment());
  }

  private Step step(double rate) {
    return new Step(
        (float) (1 - rate * settings.decay),
        (float) (1 - settings.beta1),
        (float) settings.beta2,
        (float) (1 - settings.beta2),
        (float) settings.eps,
        (float) Math.sqrt(1 - Math.pow(settings.beta2, (double) steps)),
        (float) (rate / (1 - Math.pow(settings.beta1, (double) steps))));
  }

  /** The factors of one step. */
  private record Step(
      float keep, float share1, float beta2, float share2, float eps, float root, float size) {
    void run(MemorySegment w, MemorySegment g, Moments moments, long from, long to) {
      for (long i = from; i < to; i++) {
        float gradientAt = Lanes.get(g, i);
        float mean = Lanes.get(moments.mean, i);
        mean += share1 * (gradientAt - mean);
        float square = Lanes.get(moments.square, i) * beta2 + share2 * gradientAt * gradientAt;
        Lanes.set(moments.mean, i, mean);
        Lanes.set(moments.square, i, square);
        float scale = (float) Math.sqrt(square) / root + eps;
        Lanes.set(w, i, Lanes.get(w, i) * keep - size * (mean / scale));
      }
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    means.forEach((name, tensor) -> state.put(MEAN + name, tensor));
    squares.forEach((name, tensor) -> state.put(SQUARE + name, tensor));
    return state;
  }

  @Override
  public void restore(long taken, Map<String, Tensor> state) {
    steps = taken;
    means.clear();
    squares.clear();
    state.forEach(
        (name, tensor) -> {
          Tensor copy = Tensor.allocate(DType.F32, tensor.shape());
          copy.copyFrom(tensor);
          boolean mean = name.startsWith(MEAN);
          (mean ? means : squares).put(name.substring((mean ? MEAN : SQUARE).length()), copy);
        });
  }
}
