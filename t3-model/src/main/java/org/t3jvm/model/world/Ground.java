package org.t3jvm.model.world;

import java.util.List;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * What objects move over: a still texture between two colours. Nothing of it depends on the
 * absolute position, which a transformer with rotary positions could not know.
 */
public enum Ground {
  GRASS(
      0x68a848,
      0x468032,
      "over the grass",
      "over green grass",
      "over the green grass",
      "on the grass",
      "on green grass",
      "in a meadow"),
  SKY(0x78b6ec, 0xeef4fc, "in the sky", "in the blue sky", "against the sky"),
  SAND(
      0xe4cc98,
      0xccb078,
      "on the sand",
      "over sand",
      "over yellow sand",
      "in the desert",
      "on the beach"),
  NIGHT(0x121436, 0xe8e8c4, "at night", "in the night", "in the night sky", "in the dark"),
  SNOW(0xf0f3fa, 0xccdaf0, "in the snow", "on white snow", "over the snow", "over snow"),
  WATER(0x247098, 0x54a4c4, "on the water", "over water", "over blue water", "over the sea");

  private final int base;
  private final int accent;
  private final String places;

  Ground(int base, int accent, String... places) {
    this.base = base;
    this.accent = accent;
    this.places = String.join("|", places);
  }

  /** Its colour where the texture is 0. */
  public Rgb base() {
    return Rgb.of(base);
  }

  /** Its colour where the texture is 1. */
  public Rgb accent() {
    return Rgb.of(accent);
  }

  /** What captions call it. */
  List<String> places() {
    return List.of(places.split("\\|", -1));
  }

  /** A texture of this kind for frames of {@code aspect} times their height. */
  Texture texture(TorchRandom random, double aspect) {
    return switch (this) {
      case GRASS -> Textures.grass(random);
      case SKY -> Textures.clouds(random, aspect);
      case SAND -> Textures.sand(random);
      case NIGHT -> Textures.stars(random, aspect);
      case SNOW -> Textures.snow(random);
      case WATER -> Textures.water(random);
    };
  }
}
