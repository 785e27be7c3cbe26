package org.t3jvm.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.video.FrameSize;
import picocli.CommandLine.Option;

/** Options that say how large the frames of the written video are. */
public final class SizeOptions {
  private static final Pattern ASPECT =
      Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,9})?):([0-9]{1,9}(?:[.][0-9]{1,9})?)");

  @Option(
      names = "--height",
      paramLabel = "PIXELS",
      description =
          "Rows of a frame; what the model has no tokens for is computed larger and cropped.")
  private @Nullable Integer height;

  @Option(names = "--width", paramLabel = "PIXELS", description = "Columns of a frame.")
  private @Nullable Integer width;

  @Option(
      names = "--aspect",
      paramLabel = "W:H",
      description = "Shape of a frame, such as 16:9, in place of --height or of --width.")
  private @Nullable String aspect;

  /**
   * The size of the written frames.
   *
   * @param multiple pixels that the sides of a computed frame are a multiple of
   * @throws UsageException if a side or the aspect cannot be
   */
  public FrameSize size(ModelDefaults defaults, int multiple) {
    FrameSize size = aspect == null ? given(defaults) : shaped(aspect);
    require("height", size.height(), multiple);
    require("width", size.width(), multiple);
    return size;
  }

  private FrameSize given(ModelDefaults defaults) {
    return new FrameSize(
        height != null ? height : defaults.height(), width != null ? width : defaults.width());
  }

  /** The side that is not given is the nearest even number. */
  private FrameSize shaped(String shape) {
    double ratio = ratio(shape);
    if (height != null && width == null) {
      return new FrameSize(height, even(height * ratio));
    }
    if (width != null && height == null) {
      return new FrameSize(even(width / ratio), width);
    }
    throw new UsageException(
        "--aspect %s takes the place of one side; give either --height or --width with it"
            .formatted(shape));
  }

  private static double ratio(String shape) {
    Matcher sides = ASPECT.matcher(shape);
    double ratio =
        sides.matches()
            ? Double.parseDouble(sides.group(1)) / Double.parseDouble(sides.group(2))
            : Double.NaN;
    if (!(ratio > 0 && Double.isFinite(ratio))) {
      throw new UsageException(
          "--aspect is '%s', must be width:height, such as 16:9 or 2.39:1".formatted(shape));
    }
    return ratio;
  }

  private static int even(double side) {
    return (int) Math.min(2 * Math.rint(side / 2), Integer.MAX_VALUE);
  }

  private static void require(String option, int value, int multiple) {
    int most = GenerationRequest.MAX_POSITIONS * multiple;
    if (value < 1 || value > most) {
      throw new UsageException(
          "--%s is %d, must be from 1 to %d pixels".formatted(option, value, most));
    }
  }
}
