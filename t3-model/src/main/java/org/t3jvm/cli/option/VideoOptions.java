package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.Attention;
import org.t3jvm.job.ImageFit;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.model.dit.T3Windows;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say what video to make; what is not given comes with the model. */
public final class VideoOptions {
  @Option(
      names = "--attention",
      paramLabel = "t3|full",
      description =
          "T3 windows or full attention (default: t3 if --t3 or --windows is given or the model"
              + " brings windows, else full).")
  private Attention.@Nullable Kind attention;

  @Option(
      names = "--windows",
      paramLabel = "LIST",
      description =
          "Window counts n_t,n_h,n_w of each kind, such as \"21,1,1;1,17,30;1,8,40;3,17,8;7,8,6\""
              + " (default: by rule, after those that the weights were trained with).")
  private @Nullable String windows;

  @Mixin private final SizeOptions sizeOptions = new SizeOptions();

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames, 1 + 4k (default: the model's).")
  private @Nullable Integer frames;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Denoising steps (default: the model's).")
  private @Nullable Integer steps;

  @Option(
      names = "--cfg",
      paramLabel = "X",
      description = "Guidance strength; 1 for none (default: the model's, usually 5).")
  private @Nullable Float cfg;

  @Option(
      names = "--shift",
      paramLabel = "X",
      description = "Shift of the noise schedule (default: the model's, usually 5).")
  private @Nullable Float shift;

  @Option(
      names = "--seed",
      paramLabel = "N|random",
      converter = SeedNames.class,
      description = "Seed of the noise; random, or -1, draws one (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "PNG, JPEG or WebP that the video starts from; resized to its size.")
  private @Nullable Path image;

  @Option(
      names = "--image-fit",
      paramLabel = "FIT",
      description =
          "Where --image or --video has another aspect ratio: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private ImageFit imageFit = ImageFit.STRETCH;

  @Mixin private final SamplingOptions samplingOptions = new SamplingOptions();
  @Mixin private final VaeOptions vaeOptions = new VaeOptions();

  @Option(
      names = "--fps",
      paramLabel = "X",
      description = "Frames a second of the video (default: the model's).")
  private @Nullable Double fps;

  /**
   * Sets what video to make.
   *
   * @throws UsageException if an option's value cannot be
   */
  void applyTo(VideoJobBuilder job) {
    SizeOptions.Sides sides = sizeOptions.sides();
    job.size(new Size(sides.height(), sides.width(), frames, fps, null, null));
    if (steps != null) {
      job.steps(steps);
    }
    if (cfg != null) {
      job.cfg(cfg);
    }
    if (shift != null) {
      job.shift(shift);
    }
    job.seed(seed).attention(attention());
    job.imageFit(imageFit);
    if (image != null) {
      job.image(image, imageFit);
    }
    samplingOptions.applyTo(job);
    vaeOptions.applyTo(job);
  }

  private Attention attention() {
    try {
      return new Attention(attention, windows == null ? null : T3Windows.parse(windows).kinds());
    } catch (JobException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
