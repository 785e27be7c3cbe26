package org.t3jvm.model.world;

import java.util.Arrays;
import java.util.List;
import org.t3jvm.model.image.RgbImage;

/**
 * The object of one frame; lengths in pixels.
 *
 * @param x of its centre
 * @param y of its centre
 * @param area holes included
 * @param radii from the centre to the outline at equal angles
 * @param hole share of the area that central holes have
 * @param cut true if it reaches the edge of the frame
 * @param markX of the centre of what is of a ball's mark, from the object's centre
 * @param markY as {@code markX}
 */
@SuppressWarnings("ArrayRecordComponent")
record Outline(
    double x,
    double y,
    double area,
    double[] radii,
    double hole,
    boolean cut,
    double markX,
    double markY) {
  static final int ANGLES = 40;
  private static final double STEP = 0.25;
  private static final double CENTRAL = 0.3;

  /** The object that fills these pixels of a frame, one at least. */
  static Outline of(RgbImage frame, int[] pixels, Colour colour) {
    int width = frame.width();
    Components components = new Components(frame.height(), width);
    boolean[] filled = new boolean[frame.height() * width];
    for (int pixel : pixels) {
      filled[pixel] = true;
    }
    boolean[] object = filled.clone();
    List<int[]> holes =
        components.of(i -> !object[i]).stream()
            .filter(each -> !components.touchesBorder(each))
            .toList();
    for (int[] hole : holes) {
      for (int pixel : hole) {
        filled[pixel] = true;
      }
    }
    double[] centre = centre(filled, width);
    double radius = Math.sqrt(centre[2] / Math.PI);
    double central =
        holes.stream()
            .filter(hole -> near(hole, width, centre, CENTRAL * radius))
            .mapToInt(hole -> hole.length)
            .sum();
    double[] mark = mark(frame, filled, colour, centre);
    return new Outline(
        centre[0],
        centre[1],
        centre[2],
        radii(filled, frame.height(), width, centre),
        central / centre[2],
        components.touchesBorder(pixels),
        mark[0],
        mark[1]);
  }

  /** Mean x, mean y and number of the pixels. */
  private static double[] centre(boolean[] filled, int width) {
    double x = 0;
    double y = 0;
    int count = 0;
    for (int i = 0; i < filled.length; i++) {
      if (filled[i]) {
        x += i % width;
        int row = i / width;
        y += row;
        count++;
      }
    }
    return new double[] {x / count, y / count, count};
  }

  private static boolean near(int[] pixels, int width, double[] centre, double distance) {
    double x = Arrays.stream(pixels).mapToDouble(i -> i % width).average().orElseThrow();
    double y = Arrays.stream(pixels).map(i -> i / width).average().orElseThrow();
    return Math.hypot(x - centre[0], y - centre[1]) < distance;
  }

  /** Where what has the colour of the mark lies, from the centre. */
  private static double[] mark(RgbImage frame, boolean[] filled, Colour colour, double[] centre) {
    double x = 0;
    double y = 0;
    double sum = 1e-9;
    for (int i = 0; i < filled.length; i++) {
      if (filled[i]) {
        double share =
            PixelClasses.share(PixelClasses.pixel(frame, i), colour.rgb(), colour.mark());
        double weight = share > 0.5 ? Math.min(share, 1) : 0;
        x += weight * (i % frame.width() - centre[0]);
        int row = i / frame.width();
        y += weight * (row - centre[1]);
        sum += weight;
      }
    }
    return new double[] {x / sum, y / sum};
  }

  private static double[] radii(boolean[] filled, int height, int width, double[] centre) {
    double[] radii = new double[ANGLES];
    double farthest = Math.hypot(height, width);
    for (int a = 0; a < ANGLES; a++) {
      double dx = StrictMath.cos(2 * Math.PI * a / ANGLES);
      double dy = StrictMath.sin(2 * Math.PI * a / ANGLES);
      double radius = 0;
      while (radius < farthest
          && level(filled, height, width, centre[0] + dx * radius, centre[1] + dy * radius)
              >= 0.5) {
        radius += STEP;
      }
      radii[a] = radius;
    }
    return radii;
  }

  /** The mask between the centres of its pixels. */
  private static double level(boolean[] filled, int height, int width, double x, double y) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double across = x - left;
    double down = y - top;
    return (1 - down)
            * ((1 - across) * at(filled, height, width, left, top)
                + across * at(filled, height, width, left + 1, top))
        + down
            * ((1 - across) * at(filled, height, width, left, top + 1)
                + across * at(filled, height, width, left + 1, top + 1));
  }

  private static int at(boolean[] filled, int height, int width, int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height && filled[y * width + x] ? 1 : 0;
  }

  /** How much of the outline comes {@code k} times a turn, as a share of its mean radius. */
  double harmonic(int k) {
    double real = 0;
    double imaginary = 0;
    for (int a = 0; a < ANGLES; a++) {
      real += radii[a] * StrictMath.cos(2 * Math.PI * k * a / ANGLES);
      imaginary += radii[a] * StrictMath.sin(2 * Math.PI * k * a / ANGLES);
    }
    return 2 * Math.hypot(real, imaginary) / Arrays.stream(radii).sum();
  }

  /** Mean difference of two outlines of the same size, as a share of the radius. */
  double differenceTo(Outline other) {
    double mine = Arrays.stream(radii).sum();
    double its = Arrays.stream(other.radii).sum();
    double sum = 0;
    for (int a = 0; a < ANGLES; a++) {
      sum += Math.abs(radii[a] / mine - other.radii[a] / its);
    }
    return sum;
  }

  /** How far the mark moved to another frame, as a share of the radius. */
  double markMoved(Outline other) {
    return Math.hypot(markX - other.markX, markY - other.markY) / Math.sqrt(area / Math.PI);
  }
}
