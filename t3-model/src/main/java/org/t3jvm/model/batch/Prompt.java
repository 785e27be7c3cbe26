package org.t3jvm.model.batch;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;

/**
 * One video of a batch. What is null is as in the whole batch.
 *
 * @param text what to show
 * @param negative what not to show
 * @param seed of the noise
 * @param height of a frame, in pixels
 * @param width of a frame, in pixels
 * @param frames of the video
 * @param image name of the picture that the video starts from, as it is in the file
 */
public record Prompt(
    String text,
    @Nullable String negative,
    @Nullable Long seed,
    @Nullable Integer height,
    @Nullable Integer width,
    @Nullable Integer frames,
    @Nullable String image)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A prompt with the settings of the whole batch. */
  public static Prompt of(String text) {
    return new Prompt(text, null, null, null, null, null, null);
  }

  /** The same with its picture named otherwise. */
  public Prompt withImage(String name) {
    return new Prompt(text, negative, seed, height, width, frames, name);
  }

  /**
   * The job of this prompt.
   *
   * @param batch settings of the whole batch; what follows from a size must be left open in it
   * @param files where the file of a name is
   * @throws org.t3jvm.job.JobException if a value can be of no model
   */
  public VideoJob job(VideoJob batch, Function<String, Path> files) {
    VideoJobBuilder job = batch.with().prompt(text);
    if (negative != null) {
      job.negative(negative);
    }
    if (seed != null) {
      job.seed(seed);
    }
    Size size = batch.size();
    if (height != null || width != null) {
      job.size(
          new Size(
              height != null ? height : size.height(),
              width != null ? width : size.width(),
              size.frames(),
              size.fps(),
              null,
              null));
    }
    if (frames != null) {
      job.frames(frames);
    }
    if (image != null) {
      job.image(files.apply(image), batch.start().imageFit());
    }
    return job.build();
  }

  /**
   * The name of a prompt's video, as upstream has it (SPEC 13).
   *
   * @param complete the prompt's job with every choice filled in
   * @param index of the prompt in its file
   */
  public static String video(VideoJob complete, int index) {
    return String.format(
        Locale.ROOT,
        "%d_%d_%d_%d.mp4",
        complete.size().height(),
        complete.size().width(),
        complete.size().frames(),
        index);
  }
}
