package org.t3jvm.model.world;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;

/**
 * Reads what a clip of the {@link World}, or one that a model made after it, shows: colour, shape,
 * ground, motion and number of objects. It looks at pixels alone; its thresholds were set on seeds
 * that no test uses.
 */
final class ClipDetector {
  private static final double STAR = 0.075;
  private static final double TRIANGLE = 0.085;
  private static final double SQUARE = 0.042;
  private static final double RING_HOLE = 0.12;

  /** The smallest object, in squares of the frame height. */
  private static final double LEAST_AREA = 0.003;

  private static final int COLOUR_STEP = 4;

  private final List<RgbImage> frames;
  private final int height;
  private final int width;
  private final Components components;
  private final PixelClasses pixels;
  private final List<@Nullable Colour[]> classes;

  private ClipDetector(List<RgbImage> frames) {
    this.frames = frames;
    this.height = frames.getFirst().height();
    this.width = frames.getFirst().width();
    this.components = new Components(height, width);
    this.pixels = PixelClasses.of(frames);
    this.classes = frames.stream().map(pixels::of).toList();
  }

  /**
   * Reads a video file, or a folder of frames.
   *
   * @throws IOException if it cannot be read
   */
  static Reading read(Path video) throws IOException {
    List<RgbImage> frames = new ArrayList<>();
    try (FrameSource source = VideoReaders.open(video)) {
      for (RgbImage frame = source.next(); frame != null; frame = source.next()) {
        frames.add(frame);
      }
    }
    return read(frames);
  }

  /** What frames of one size show, one at least. */
  static Reading read(List<RgbImage> frames) {
    return new ClipDetector(frames).read();
  }

  private Reading read() {
    Colour colour = colour();
    List<Outline> outlines = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      int[] largest = largest(classes.get(i), colour);
      if (largest.length > 0) {
        outlines.add(Outline.of(frames.get(i), largest, colour));
      }
    }
    double objects = classes.stream().mapToInt(this::objects).average().orElseThrow();
    if (outlines.size() < 2) {
      return new Reading(pixels.ground(), Optional.empty(), objects);
    }
    Figure figure = figure(outlines);
    Motion motion = new MotionReader(outlines, height, width).read(figure);
    Combination object = new Combination(colour, figure, pixels.ground(), motion);
    return new Reading(pixels.ground(), Optional.of(object), objects);
  }

  private double leastPixels() {
    return LEAST_AREA * height * height;
  }

  /** The colour whose largest connected areas are largest. */
  private Colour colour() {
    return Stream.of(Colour.values())
        .max(Comparator.comparingInt(this::largestAreas))
        .orElseThrow();
  }

  private int largestAreas(Colour colour) {
    return IntStream.iterate(0, i -> i < classes.size(), i -> i + COLOUR_STEP)
        .map(i -> largest(classes.get(i), colour).length)
        .sum();
  }

  /** The largest connected area of a colour; empty if it is too small for an object. */
  private int[] largest(@Nullable Colour[] of, Colour colour) {
    long pixels = Arrays.stream(of).filter(each -> each == colour).count();
    if (pixels < leastPixels()) {
      return new int[0];
    }
    int[] largest = components.largest(pixel -> of[pixel] == colour);
    return largest.length < leastPixels() ? new int[0] : largest;
  }

  private int objects(@Nullable Colour[] of) {
    return (int)
        components.of(pixel -> of[pixel] != null).stream()
            .filter(each -> each.length >= leastPixels())
            .count();
  }

  private static Figure figure(List<Outline> outlines) {
    List<Outline> whole = outlines.stream().filter(each -> !each.cut()).toList();
    List<Outline> seen = whole.isEmpty() ? outlines : whole;
    if (median(seen, Outline::hole) > RING_HOLE) {
      return Figure.RING;
    }
    double three = median(seen, each -> each.harmonic(3));
    double five = median(seen, each -> each.harmonic(5));
    if (five > STAR && five > three) {
      return Figure.STAR;
    }
    if (three > TRIANGLE) {
      return Figure.TRIANGLE;
    }
    return median(seen, each -> each.harmonic(4)) > SQUARE ? Figure.SQUARE : Figure.BALL;
  }

  private static double median(List<Outline> outlines, ToDoubleFunction<Outline> value) {
    double[] values = outlines.stream().mapToDouble(value).toArray();
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
