package org.t3jvm.job;

import static org.t3jvm.job.JobException.require;

import org.jspecify.annotations.Nullable;

/**
 * The size of a video; what is null is the model's default. Frames that the model has no tokens for
 * are computed larger and cropped.
 *
 * @param height pixels of a written frame
 * @param width pixels of a written frame
 * @param frames 1 + 4k; others are rounded up, as upstream does
 * @param fps frames a second
 * @param computedHeight pixels of a computed frame, whose middle is written; null for the smallest
 *     that the model has tokens for, or was trained with
 * @param computedWidth as {@code computedHeight}
 */
public record Size(
    @Nullable Integer height,
    @Nullable Integer width,
    @Nullable Integer frames,
    @Nullable Double fps,
    @Nullable Integer computedHeight,
    @Nullable Integer computedWidth) {
  /** All as the model's release has it. */
  public static final Size DEFAULT = new Size(null, null, null, null, null, null);

  /** Pixels of a side at most: upstream's largest token position, in the smallest tokens. */
  private static final int MAX_PIXELS = 16_384;

  public Size {
    requirePixels("size.height", height);
    requirePixels("size.width", width);
    requireHolds("size.computedHeight", computedHeight, height);
    requireHolds("size.computedWidth", computedWidth, width);
    if (frames != null) {
      require(frames >= 1, "size.frames", frames, "1 + 4k");
    }
    if (fps != null) {
      require(fps > 0 && fps <= 1000, "size.fps", Numbers.text(fps), "above 0 and at most 1000");
    }
  }

  private static void requireHolds(
      String field, @Nullable Integer computed, @Nullable Integer written) {
    if (computed != null) {
      require(written != null && computed >= written, field, computed, "at least the written size");
    }
  }

  private static void requirePixels(String field, @Nullable Integer value) {
    if (value != null) {
      require(
          value >= 1 && value <= MAX_PIXELS,
          field,
          value,
          "from 1 to %d pixels".formatted(MAX_PIXELS));
    }
  }
}
