package org.t3jvm.model.world;

/** A colour, each component in [0, 255]. */
public record Rgb(double red, double green, double blue) {
  /** White. */
  static final Rgb WHITE = new Rgb(255, 255, 255);

  /** The colour written as 0xRRGGBB. */
  static Rgb of(int rgb) {
    return new Rgb(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
  }

  /** The colour at {@code amount} in [0, 1] of the way to {@code other}. */
  public Rgb mix(Rgb other, double amount) {
    return new Rgb(
        red + (other.red - red) * amount,
        green + (other.green - green) * amount,
        blue + (other.blue - blue) * amount);
  }

  /** The same hue, darker: every component times {@code amount}. */
  Rgb darker(double amount) {
    return new Rgb(red * amount, green * amount, blue * amount);
  }
}
