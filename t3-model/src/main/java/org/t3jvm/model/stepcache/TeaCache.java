package org.t3jvm.model.stepcache;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * TeaCache (SPEC 18): the relative changes of the time modulation from step to step, each through
 * its model's polynomial, are added up. While the sum stays below the threshold, the velocities are
 * made with what the blocks added to the tokens in the last computed step. Both sides of the
 * guidance have the same timesteps, and so one decision. The first and the last step are computed.
 */
final class TeaCache implements StepCache {
  private static final int WIDTH_1_3B = 1536;
  private static final int WIDTH_14B = 5120;

  /** Highest power first. */
  private static final double[] POLYNOMIAL_1_3B = {
    -5.21862437e4, 9.23041404e3, -5.28275948e2, 1.36987616e1, -4.99875664e-2
  };

  private static final double[] POLYNOMIAL_14B = {
    -3.03318725e5, 4.90537029e4, -2.65530556e3, 5.87365115e1, -3.15583525e-1
  };

  /** Models without published coefficients: the change as it is. */
  private static final double[] IDENTITY = {1, 0};

  private static final String POSITIVE = "positive";
  private static final String NEGATIVE = "negative";
  private static final String MODULATION = "modulation";
  private static final String SUM = "sum";

  private final double threshold;
  private final Run run;
  private final double[] polynomial;
  private float @Nullable [] before;
  private double sum;
  private CachedModel.@Nullable Sides residuals;

  TeaCache(double threshold, Run run) {
    this.threshold = threshold;
    this.run = run;
    this.polynomial =
        switch (run.tokens().intDim(1)) {
          case WIDTH_1_3B -> POLYNOMIAL_1_3B;
          case WIDTH_14B -> POLYNOMIAL_14B;
          default -> IDENTITY;
        };
  }

  @Override
  public boolean reuse(int step, Tensor latents, CachedModel.Sides velocities, CachedModel model) {
    float[] now = model.modulation();
    CachedModel.Sides known = residuals;
    boolean reuse = known != null && step > 0 && step < run.steps() - 1 && below(now);
    before = now;
    if (reuse && known != null) {
      model.reuse(known);
      return true;
    }
    sum = 0;
    if (known == null) {
      Shape shape = run.tokens();
      known =
          new CachedModel.Sides(
              Tensor.allocate(DType.F32, shape),
              run.guided() ? Tensor.allocate(DType.F32, shape) : null);
      residuals = known;
    }
    model.compute(known);
    return false;
  }

  private boolean below(float[] now) {
    float[] last = before;
    if (last == null) {
      return false;
    }
    sum += polynomial(change(now, last));
    // The polynomials are negative for small changes: a threshold of 0 must not let these pass.
    return threshold > 0 && sum < threshold;
  }

  /** mean |now - last| / mean |last|. */
  private static double change(float[] now, float[] last) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < now.length; i++) {
      difference += Math.abs((double) now[i] - last[i]);
      size += Math.abs(last[i]);
    }
    return difference / size;
  }

  private double polynomial(double x) {
    double value = 0;
    for (double coefficient : polynomial) {
      value = value * x + coefficient;
    }
    return value;
  }

  @Override
  public boolean takesResiduals() {
    return true;
  }

  @Override
  public void forget() {
    residuals = null;
  }

  @Override
  public Map<String, Tensor> state() {
    float[] last = before;
    CachedModel.Sides known = residuals;
    if (last == null || known == null) {
      return Map.of();
    }
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(MODULATION, Tensor.ofFloats(Shape.of(last.length), last));
    state.put(SUM, CacheTensors.of(sum));
    state.put(POSITIVE, known.positive());
    if (known.negative() != null) {
      state.put(NEGATIVE, known.negative());
    }
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    before = CacheTensors.get(state, MODULATION).toFloats();
    sum = CacheTensors.doubles(state, SUM)[0];
    residuals =
        new CachedModel.Sides(
            CacheTensors.copy(state, POSITIVE),
            run.guided() ? CacheTensors.copy(state, NEGATIVE) : null);
  }
}
