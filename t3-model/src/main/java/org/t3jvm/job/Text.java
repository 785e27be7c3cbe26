package org.t3jvm.job;

import org.jspecify.annotations.Nullable;

/**
 * The prompts of a job.
 *
 * @param prompt what the video shows
 * @param negative what it should not show, used if {@code sampling.cfg} is not 1; null for
 *     upstream's
 */
public record Text(String prompt, @Nullable String negative) {
  public Text {
    if (prompt == null) {
      throw new JobException("text.prompt is missing");
    }
  }
}
