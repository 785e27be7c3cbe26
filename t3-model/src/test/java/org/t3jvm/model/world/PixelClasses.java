package org.t3jvm.model.world;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;

/** Separates the pixels of objects from those of the ground, by colour alone. */
final class PixelClasses {
  private static final int BORDER = 2;

  private final Ground ground;
  private final List<Colour> colours;

  private PixelClasses(Ground ground) {
    this.ground = ground;
    this.colours =
        Combination.ALL.stream()
            .filter(each -> each.ground() == ground)
            .map(Combination::colour)
            .distinct()
            .toList();
  }

  /** Classes over the ground whose colours the borders of the frames have. */
  static PixelClasses of(List<RgbImage> frames) {
    Ground nearest =
        Stream.of(Ground.values())
            .min(Comparator.comparingDouble(ground -> borderDistance(frames, ground)))
            .orElseThrow();
    return new PixelClasses(nearest);
  }

  private static double borderDistance(List<RgbImage> frames, Ground ground) {
    DoubleStream.Builder distances = DoubleStream.builder();
    for (RgbImage frame : frames) {
      for (int i = 0; i < frame.height() * frame.width(); i++) {
        int y = i / frame.width();
        int x = i % frame.width();
        if (Math.min(y, frame.height() - 1 - y) < BORDER
            || Math.min(x, frame.width() - 1 - x) < BORDER) {
          distances.add(toGround(ground, pixel(frame, i)));
        }
      }
    }
    double[] sorted = distances.build().sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** The colour of a pixel. */
  static Rgb pixel(RgbImage frame, int index) {
    byte[] rgb = frame.rgb();
    return new Rgb(rgb[3 * index] & 0xff, rgb[3 * index + 1] & 0xff, rgb[3 * index + 2] & 0xff);
  }

  Ground ground() {
    return ground;
  }

  /** Of each pixel the colour of its object; null on the ground. */
  @Nullable Colour[] of(RgbImage frame) {
    @Nullable Colour[] classes = new Colour[frame.height() * frame.width()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = of(pixel(frame, i));
    }
    return classes;
  }

  private @Nullable Colour of(Rgb pixel) {
    double nearest = toGround(ground, pixel);
    Colour found = null;
    for (Colour colour : colours) {
      double distance = square(pixel, colour.rgb());
      if (distance < nearest) {
        nearest = distance;
        found = colour;
      }
    }
    return found;
  }

  /** Squared distance to the line between the ground's two colours. */
  private static double toGround(Ground ground, Rgb pixel) {
    Rgb base = ground.base();
    Rgb accent = ground.accent();
    double along = share(pixel, base, accent);
    return square(pixel, base.mix(accent, Math.clamp(along, 0, 1)));
  }

  /** How far a pixel lies on the way from one colour to another: 0 at the first, 1 at the other. */
  static double share(Rgb pixel, Rgb from, Rgb to) {
    double red = to.red() - from.red();
    double green = to.green() - from.green();
    double blue = to.blue() - from.blue();
    double dot =
        (pixel.red() - from.red()) * red
            + (pixel.green() - from.green()) * green
            + (pixel.blue() - from.blue()) * blue;
    return dot / (red * red + green * green + blue * blue);
  }

  private static double square(Rgb pixel, Rgb colour) {
    double red = pixel.red() - colour.red();
    double green = pixel.green() - colour.green();
    double blue = pixel.blue() - colour.blue();
    return red * red + green * green + blue * blue;
  }
}
