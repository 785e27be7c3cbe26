package org.t3jvm.cli.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import picocli.CommandLine.Option;

/** Options that say how large the frames of the written video are. */
public final class SizeOptions {
  private static final Pattern ASPECT =
      Pattern.compile("([0-9]{1,9}(?:[.][0-9]{1,9})?):([0-9]{1,9}(?:[.][0-9]{1,9})?)");

  @Option(
      names = "--height",
      paramLabel = "PIXELS",
      description =
          "Rows of a frame; what the model has no tokens for is computed larger and cropped"
              + " (default: the model's).")
  private @Nullable Integer height;

  @Option(
      names = "--width",
      paramLabel = "PIXELS",
      description = "Columns of a frame (default: the model's).")
  private @Nullable Integer width;

  @Option(
      names = "--aspect",
      paramLabel = "W:H",
      description = "Shape of a frame, such as 16:9, in place of --height or of --width.")
  private @Nullable String aspect;

  /**
   * Height and width, either of which is null if it is the model's.
   *
   * @throws UsageException if the aspect cannot be
   */
  Sides sides() {
    return aspect == null ? new Sides(height, width) : shaped(aspect);
  }

  /** Sides of a written frame. */
  record Sides(@Nullable Integer height, @Nullable Integer width) {}

  /** The side that is not given is the nearest even number. */
  private Sides shaped(String shape) {
    double ratio = ratio(shape);
    if (height != null && width == null) {
      return new Sides(height, even(height * ratio));
    }
    if (width != null && height == null) {
      return new Sides(even(width / ratio), width);
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
}
