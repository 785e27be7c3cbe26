package org.t3jvm.model.world;

import java.util.Locale;

/** The colours of objects. */
public enum Colour {
  RED(0xd62828),
  ORANGE(0xf58214),
  YELLOW(0xfadc28),
  GREEN(0x1e963c),
  BLUE(0x2846d7),
  PURPLE(0x7d2da5),
  PINK(0xfa82b4),
  WHITE(0xf8f8f8);

  private final int rgb;

  Colour(int rgb) {
    this.rgb = rgb;
  }

  public Rgb rgb() {
    return Rgb.of(rgb);
  }

  /** What captions call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The mark on a ball of this colour, by which its turning is seen. */
  Rgb mark() {
    return this == YELLOW || this == WHITE ? rgb().darker(0.6) : rgb().mix(Rgb.WHITE, 0.55);
  }
}
