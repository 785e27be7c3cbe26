package org.t3jvm.cli.measure;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.measure.SeamLines;
import org.t3jvm.model.video.FrameSize;

/**
 * Which window borders are measured in each of several videos, by the jobs in their tags: those of
 * its own T3 windows; in a video of full attention those of the first other video of its size that
 * has windows, so that both are measured at the same lines, or those of the rule for its size.
 */
final class Seams {
  private static final int SMALL_TOKEN = 16;
  private static final int LARGE_TOKEN = 32;

  private final List<VideoJob> jobs;
  private final OptionalInt tokenPixels;

  /**
   * @param jobs of all videos, with every choice filled in
   * @param tokenPixels rows and columns of a token; empty to take 32 where the windows are those of
   *     the rule for such, else 16
   */
  Seams(List<VideoJob> jobs, OptionalInt tokenPixels) {
    this.jobs = jobs;
    this.tokenPixels = tokenPixels;
  }

  /**
   * The lines of a video.
   *
   * @throws IllegalArgumentException if its windows do not fit its tokens
   */
  SeamLines of(VideoJob job) {
    return own(
        hasWindows(job)
            ? job
            : jobs.stream()
                .filter(other -> hasWindows(other) && other.size().equals(job.size()))
                .findFirst()
                .orElse(job));
  }

  private static boolean hasWindows(VideoJob job) {
    return job.attention().windows() != null;
  }

  private SeamLines own(VideoJob job) {
    Size size = job.size();
    FrameSize computed = frameSize(size.computedHeight(), size.computedWidth());
    FrameSize written = frameSize(size.height(), size.width());
    int frames = Objects.requireNonNull(size.frames());
    Optional<T3Windows> recorded =
        Optional.ofNullable(job.attention().windows()).map(T3Windows::new);
    int pixels =
        tokenPixels.orElseGet(
            () ->
                recorded.isPresent()
                        && recorded.get().equals(byRule(frames, computed, LARGE_TOKEN))
                        && !recorded.get().equals(byRule(frames, computed, SMALL_TOKEN))
                    ? LARGE_TOKEN
                    : SMALL_TOKEN);
    return SeamLines.of(
        recorded.orElseGet(() -> byRule(frames, computed, pixels)),
        frames,
        computed,
        written,
        pixels);
  }

  private static T3Windows byRule(int frames, FrameSize computed, int pixels) {
    return T3WindowRule.forTokensOf(pixels).windows(SeamLines.grid(frames, computed, pixels));
  }

  private static FrameSize frameSize(@Nullable Integer height, @Nullable Integer width) {
    return new FrameSize(Objects.requireNonNull(height), Objects.requireNonNull(width));
  }
}
