package org.t3jvm.job;

import static org.t3jvm.job.JobException.require;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a video starts from beside noise.
 *
 * @param image PNG or JPEG whose picture is the first frame; null for none
 * @param imageFit how an image or a video of another aspect ratio is brought to that of the frame
 * @param video file, or folder of PNG frames, that noise is laid over; null for none
 * @param strength in (0, 1]: how much of {@code video} gives way to noise; null without a video
 * @param hires a smaller video that is made first, and enlarged; null for a video of one pass
 */
public record Start(
    @Nullable Path image,
    ImageFit imageFit,
    @Nullable Path video,
    @Nullable Float strength,
    @Nullable Hires hires) {
  /** Noise alone. */
  public static final Start NOISE = new Start(null, ImageFit.STRETCH, null, null, null);

  private static final float STRENGTH = 0.7f;

  public Start {
    imageFit = imageFit == null ? ImageFit.STRETCH : imageFit;
    if (video == null && strength != null) {
      throw new JobException("start.strength has no meaning without start.video");
    }
    if (video != null && strength == null) {
      strength = STRENGTH;
    }
    if (hires != null && (image != null || video != null)) {
      throw new JobException(
          "start.%s has no meaning with hires.kind %s, which starts from the base video that it makes"
              .formatted(image != null ? "image" : "video", hires.kind()));
    }
    if (strength != null) {
      require(strength > 0 && strength <= 1, "start.strength", strength, "above 0 and at most 1");
    }
  }

  /** The same with paths that are good from any folder. */
  Start absolute() {
    return new Start(
        image == null ? null : image.toAbsolutePath(),
        imageFit,
        video == null ? null : video.toAbsolutePath(),
        strength,
        hires);
  }
}
