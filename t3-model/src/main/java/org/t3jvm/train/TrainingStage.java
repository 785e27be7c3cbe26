package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

import org.jspecify.annotations.Nullable;

/**
 * Some steps of a training over examples of one kind. Each stage starts its optimiser anew.
 *
 * @param steps of the stage
 * @param batch examples of a step
 * @param frames of an example, 1 + 4k
 * @param height pixels of an example: of a piece that is cut out for an autoencoder, of the whole
 *     clip for a transformer; null for the clip's own
 * @param width as {@code height}
 * @param rate of learning
 * @param zeroEarlierTaps whether all taps of an autoencoder's 3x3x3 convolutions but the newest are
 *     set to 0 first, so that what was learned from images carries over to videos
 */
public record TrainingStage(
    int steps,
    int batch,
    int frames,
    @Nullable Integer height,
    @Nullable Integer width,
    RateSchedule rate,
    Boolean zeroEarlierTaps) {
  /** Fields that a JSON document leaves out have their defaults. */
  public TrainingStage {
    zeroEarlierTaps = zeroEarlierTaps == null ? Boolean.FALSE : zeroEarlierTaps;
    require(steps >= 1, "stages.steps", steps, "at least 1");
    require(batch >= 1, "stages.batch", batch, "at least 1");
    require(frames >= 1 && frames % 4 == 1, "stages.frames", frames, "1 + 4k");
    require(
        (height == null) == (width == null), "stages.height", "alone", "given with stages.width");
    require(height == null || height >= 1, "stages.height", String.valueOf(height), "at least 1");
    require(width == null || width >= 1, "stages.width", String.valueOf(width), "at least 1");
    require(rate != null, "stages.rate", "missing", "an object with a first rate");
  }
}
