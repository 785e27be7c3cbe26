package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.t3jvm.cli.report.Sizes;
import org.t3jvm.event.CancelToken;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.stepcache.StepCacheOption;
import org.t3jvm.tensor.Tensor;

/** What step caches save and cost: the same latents denoised with each, and without. */
final class CacheMeasurement {
  private final VideoSession session;
  private final GenerationRequest request;

  /**
   * @param request whose cache is measured; without one, each kind is
   */
  CacheMeasurement(VideoSession session, GenerationRequest request) {
    this.session = session;
    this.request = request;
  }

  private record Run(TextToVideo.Denoised made, Duration time) {}

  void print(PrintWriter out) throws IOException {
    List<StepCacheOption> options =
        request.cache() != null
            ? List.of(request.cache())
            : Arrays.stream(StepCacheOption.Kind.values()).map(StepCacheOption::of).toList();
    int steps = request.scheduler().steps();
    session.run(
        event -> {},
        new CancelToken(),
        (pipeline, progress) -> {
          Run plain = denoise(pipeline, progress, request.withCache(null), steps);
          for (StepCacheOption option : options) {
            Run cached = denoise(pipeline, progress, request.withCache(option), steps);
            out.printf(
                Locale.ROOT,
                "%-13s%s: %d of %d steps left out, latents differ by %.2f %%, %s instead of %s%n",
                "step cache",
                option,
                cached.made().reused(),
                steps,
                100 * difference(cached.made().latents(), plain.made().latents()),
                Sizes.duration(cached.time()),
                Sizes.duration(plain.time()));
          }
        });
    out.flush();
  }

  private static Run denoise(
      TextToVideo pipeline, RunProgress progress, GenerationRequest asked, int steps)
      throws IOException {
    Instant started = Instant.now();
    TextToVideo.Denoised made = pipeline.denoise(asked, steps, progress);
    return new Run(made, Duration.between(started, Instant.now()));
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
