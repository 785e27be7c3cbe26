package org.t3jvm.model.stepcache;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/**
 * EasyCache (Zhou et al., "Less is Enough", 2025, and its code for Wan2.1): between two computed
 * steps the model turns a change of its latents into k times that change of its velocity. k times
 * the latents' change at each step, relative to the velocity, is added up; while the sum stays
 * below the threshold, latents minus velocity is taken to be what it was in the last computed step.
 * The positive side decides for both. The first fifth of the steps, 10 of 50 as published, and the
 * last one are computed.
 */
final class EasyCache implements StepCache {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final String LATENTS = "latents";
  private static final String COMPUTED = "computed";
  private static final String POSITIVE = "positive";
  private static final String NEGATIVE = "negative";
  private static final String NUMBERS = "numbers";

  private final double threshold;
  private final Run run;
  private final int retained;
  private @Nullable Tensor before;
  private @Nullable Computed computed;
  private double sum;
  private double k = Double.NaN;

  /** The last computed step: what the model got and gave. */
  private record Computed(Tensor latents, Tensor positive, @Nullable Tensor negative) {}

  EasyCache(double threshold, Run run) {
    this.threshold = threshold;
    this.run = run;
    this.retained = Math.ceilDiv(run.steps(), 5);
  }

  @Override
  public boolean reuse(int step, Tensor latents, CachedModel.Sides velocities, CachedModel model) {
    boolean reuse = decide(step, latents);
    before = CacheTensors.copy(latents);
    Computed last = computed;
    if (reuse && last != null) {
      fill(velocities.positive(), latents, last.latents(), last.positive());
      if (velocities.negative() != null && last.negative() != null) {
        fill(velocities.negative(), latents, last.latents(), last.negative());
      }
      return true;
    }
    model.compute();
    if (last != null) {
      k = difference(velocities.positive(), last.positive()) / difference(latents, last.latents());
    }
    computed =
        new Computed(
            CacheTensors.copy(latents),
            CacheTensors.copy(velocities.positive()),
            velocities.negative() == null ? null : CacheTensors.copy(velocities.negative()));
    return false;
  }

  private boolean decide(int step, Tensor latents) {
    Computed last = computed;
    Tensor previous = before;
    if (step < retained || step >= run.steps() - 1) {
      sum = 0;
      return false;
    }
    if (last == null || previous == null || Double.isNaN(k)) {
      return false;
    }
    sum += k * difference(latents, previous) / size(last.positive());
    if (sum < threshold) {
      return true;
    }
    sum = 0;
    return false;
  }

  /** {@code velocity := latents + (lastVelocity - lastLatents)}. */
  private static void fill(
      Tensor velocity, Tensor latents, Tensor lastLatents, Tensor lastVelocity) {
    MemorySegment out = velocity.segment();
    MemorySegment x = latents.segment();
    MemorySegment lastX = lastLatents.segment();
    MemorySegment lastV = lastVelocity.segment();
    for (long at = 0; at < out.byteSize(); at += Float.BYTES) {
      out.set(F32, at, x.get(F32, at) + (lastV.get(F32, at) - lastX.get(F32, at)));
    }
  }

  /** mean |a - b|. */
  private static double difference(Tensor a, Tensor b) {
    MemorySegment left = a.segment();
    MemorySegment right = b.segment();
    double sum = 0;
    for (long at = 0; at < left.byteSize(); at += Float.BYTES) {
      sum += Math.abs((double) left.get(F32, at) - right.get(F32, at));
    }
    return sum / a.shape().elements();
  }

  /** mean |a|. */
  private static double size(Tensor a) {
    MemorySegment values = a.segment();
    double sum = 0;
    for (long at = 0; at < values.byteSize(); at += Float.BYTES) {
      sum += Math.abs(values.get(F32, at));
    }
    return sum / a.shape().elements();
  }

  @Override
  public void forget() {
    computed = null;
    k = Double.NaN;
  }

  @Override
  public Map<String, Tensor> state() {
    Tensor previous = before;
    Computed last = computed;
    if (previous == null || last == null) {
      return Map.of();
    }
    Map<String, Tensor> state = new LinkedHashMap<>();
    state.put(NUMBERS, CacheTensors.of(sum, k));
    state.put(LATENTS, previous);
    state.put(COMPUTED, last.latents());
    state.put(POSITIVE, last.positive());
    if (last.negative() != null) {
      state.put(NEGATIVE, last.negative());
    }
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    double[] numbers = CacheTensors.doubles(state, NUMBERS);
    sum = numbers[0];
    k = numbers[1];
    before = CacheTensors.copy(state, LATENTS);
    computed =
        new Computed(
            CacheTensors.copy(state, COMPUTED),
            CacheTensors.copy(state, POSITIVE),
            run.guided() ? CacheTensors.copy(state, NEGATIVE) : null);
  }
}
