package org.t3jvm.model.batch;

import org.jspecify.annotations.Nullable;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;

/**
 * One video of a batch.
 *
 * @param text what to show
 * @param negative what not to show; null for that of the whole batch
 * @param seed of the noise; null for that of the whole batch
 */
public record Prompt(String text, @Nullable String negative, @Nullable Long seed) {
  /** A prompt with the settings of the whole batch. */
  public static Prompt of(String text) {
    return new Prompt(text, null, null);
  }

  /** The job of this prompt in a batch whose other settings are those of {@code batch}. */
  public VideoJob job(VideoJob batch) {
    VideoJobBuilder job = batch.with().prompt(text);
    if (negative != null) {
      job.negative(negative);
    }
    if (seed != null) {
      job.seed(seed);
    }
    return job.build();
  }
}
