package org.t3jvm.model.world;

import org.t3jvm.model.image.RgbImage;

/**
 * Draws a scene in pixels. Edges are blended by how far the pixel's centre lies from them, so that
 * they are as smooth as the pixels allow; nothing is blurred by motion.
 */
final class SceneRenderer {
  private static final double MARK_RADIUS = 0.3;
  private static final double MARK_DISTANCE = 0.5;

  private final Scene scene;
  private final int height;
  private final int width;
  private final byte[] ground;

  /** A renderer of frames of that size, whose aspect is the scene's. */
  SceneRenderer(Scene scene, int height, int width) {
    this.scene = scene;
    this.height = height;
    this.width = width;
    this.ground = new byte[height * width * RgbImage.COLOURS];
    Rgb base = scene.ground().base();
    Rgb accent = scene.ground().accent();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double amount = scene.texture().at((x + 0.5) / height, (y + 0.5) / height);
        put(ground, y * width + x, base.mix(accent, amount));
      }
    }
  }

  /** The frame [height, width, 3] at time {@code u} in [0, 1]. */
  RgbImage at(double u) {
    byte[] rgb = ground.clone();
    for (Subject subject : scene.subjects()) {
      draw(subject, subject.at(u), rgb);
    }
    return new RgbImage(height, width, rgb);
  }

  private static void put(byte[] rgb, int pixel, Rgb colour) {
    rgb[3 * pixel] = (byte) (int) (colour.red() + 0.5);
    rgb[3 * pixel + 1] = (byte) (int) (colour.green() + 0.5);
    rgb[3 * pixel + 2] = (byte) (int) (colour.blue() + 0.5);
  }

  private static Rgb get(byte[] rgb, int pixel) {
    return new Rgb(rgb[3 * pixel] & 0xff, rgb[3 * pixel + 1] & 0xff, rgb[3 * pixel + 2] & 0xff);
  }

  private void draw(Subject subject, Pose pose, byte[] rgb) {
    Colour colour = subject.kind().colour();
    Figure figure = subject.kind().figure();
    double reach = pose.radius() * figure.reach() + 1.0 / height;
    int top = first(pose.y() - reach, height);
    int bottom = first(pose.y() + reach, height);
    int left = first(pose.x() - reach, width);
    int right = first(pose.x() + reach, width);
    double sin = StrictMath.sin(pose.angle());
    double cos = StrictMath.cos(pose.angle());
    for (int py = top; py < bottom; py++) {
      for (int px = left; px < right; px++) {
        double dx = ((px + 0.5) / height - pose.x()) / pose.radius();
        double dy = ((py + 0.5) / height - pose.y()) / pose.radius();
        double x = cos * dx + sin * dy;
        double y = cos * dy - sin * dx;
        double inside = coverage(figure.distance(x, y), pose);
        if (inside > 0) {
          Rgb paint = colour.rgb();
          if (figure == Figure.BALL) {
            paint = paint.mix(colour.mark(), coverage(mark(x, y), pose));
          }
          int at = py * width + px;
          put(rgb, at, get(rgb, at).mix(paint, inside));
        }
      }
    }
  }

  /** The first pixel whose centre lies at or after a place in frame heights. */
  private int first(double place, int size) {
    return Math.clamp((long) Math.ceil(place * height - 0.5), 0, size);
  }

  private static double mark(double x, double y) {
    double fromMark = y + MARK_DISTANCE;
    return Math.sqrt(x * x + fromMark * fromMark) - MARK_RADIUS;
  }

  /** How much of a pixel lies inside an outline at a distance in radii. */
  private double coverage(double distance, Pose pose) {
    return Math.clamp(0.5 - distance * pose.radius() * height, 0, 1);
  }
}
