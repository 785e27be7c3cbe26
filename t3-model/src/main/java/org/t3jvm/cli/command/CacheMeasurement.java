package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.t3jvm.Latents;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.tensor.Tensor;

/**
 * What step caches save and cost: the same latents denoised with each, and without.
 *
 * @param job whose cache is measured; without one, each kind is
 */
record CacheMeasurement(VideoSession session, VideoJob job) {
  private record Run(Latents made, Duration time) {}

  void print(PrintWriter out) throws IOException {
    StepCacheOption asked = job.sampling().cache();
    List<StepCacheOption> options =
        asked != null
            ? List.of(asked)
            : Arrays.stream(StepCacheOption.Kind.values()).map(StepCacheOption::of).toList();
    Run plain = denoise(null);
    for (StepCacheOption option : options) {
      Run cached = denoise(option);
      out.printf(
          Locale.ROOT,
          "%-13s%s: %d of %d steps left out, latents differ by %.2f %%, %s instead of %s%n",
          "step cache",
          option,
          cached.made().reused(),
          job.sampling().steps(),
          100 * difference(cached.made().values(), plain.made().values()),
          Sizes.duration(cached.time()),
          Sizes.duration(plain.time()));
    }
    out.flush();
  }

  private Run denoise(@Nullable StepCacheOption cache) throws IOException {
    Instant started = Instant.now();
    AtomicReference<@Nullable Latents> made = new AtomicReference<>();
    session.run(
        event -> {},
        new CancelToken(),
        (events, cancel) ->
            made.set(session.t3().denoise(job.with().cache(cache).build(), 0, events, cancel)));
    return new Run(Objects.requireNonNull(made.get()), Duration.between(started, Instant.now()));
  }

  /** Root mean square of the difference, relative to that of {@code right}. */
  private static double difference(Tensor left, Tensor right) {
    double error = 0;
    double size = 0;
    for (long i = 0; i < right.shape().elements(); i++) {
      double value = right.getDouble(i);
      error += Math.pow(left.getDouble(i) - value, 2);
      size += value * value;
    }
    return Math.sqrt(error / size);
  }
}
