package org.t3jvm.model.world;

import java.util.List;

/**
 * What decides the clips of a world.
 *
 * @param seed of the clips
 * @param splitSeed divides what is trained on from what is held out
 * @param choice what objects are chosen from
 * @param twoObjects share of the clips, in [0, 1], that have two objects
 * @param spread how far from the middle objects may be: 0 not at all, 1 as far as the frame reaches
 * @param height pixels
 * @param width pixels
 */
public record WorldSettings(
    long seed,
    long splitSeed,
    Split.Part part,
    Choice choice,
    double twoObjects,
    double spread,
    int height,
    int width,
    int frames) {
  private static final int MIN_SIDE = 16;

  /** Wider or higher frames leave objects no room. */
  private static final int MAX_ASPECT = 4;

  /**
   * @throws IllegalArgumentException naming the value that does not fit
   */
  public WorldSettings {
    if (height < MIN_SIDE || width < MIN_SIDE) {
      throw new IllegalArgumentException(
          "clips of %dx%d pixels: at least %dx%d".formatted(width, height, MIN_SIDE, MIN_SIDE));
    }
    if (Math.max(height, width) > MAX_ASPECT * Math.min(height, width)) {
      throw new IllegalArgumentException(
          "clips of %dx%d pixels: at most %d times as long as wide"
              .formatted(width, height, MAX_ASPECT));
    }
    if (frames < 1) {
      throw new IllegalArgumentException("clips of %d frames: at least 1".formatted(frames));
    }
    if (combinations(splitSeed, part, choice).isEmpty()) {
      throw new IllegalArgumentException(
          "clips of the part %s: none has one of the shapes %s and motions %s"
              .formatted(part, choice.figures(), choice.motions()));
    }
    if (!(twoObjects >= 0 && twoObjects <= 1)) {
      throw new IllegalArgumentException(
          "clips of two objects in a share of %s: from 0 to 1".formatted(twoObjects));
    }
    if (!(spread >= 0 && spread <= 1)) {
      throw new IllegalArgumentException(
          "objects spread over %s of the frame: from 0 to 1".formatted(spread));
    }
  }

  private static List<Combination> combinations(long splitSeed, Split.Part part, Choice choice) {
    return new Split(splitSeed).combinations(part).stream().filter(choice::contains).toList();
  }

  /** What its objects are, in a fixed order. */
  List<Combination> combinations() {
    return combinations(splitSeed, part, choice);
  }

  /** Clips of one object each that are trained on. */
  public static WorldSettings trained(long seed, int height, int width, int frames) {
    return new WorldSettings(
        seed, Split.DEFAULT_SEED, Split.Part.TRAINED, Choice.ALL, 0, 1, height, width, frames);
  }
}
