package org.t3jvm.model.world.files;

import org.t3jvm.model.world.WorldSettings;

/**
 * A number of clips as files.
 *
 * @param fps frames a second, of videos
 */
public record ClipSet(WorldSettings world, int clips, Format format, double fps) {
  private static final int MAX_CLIPS = 100_000;

  /** How a clip is stored. */
  public enum Format {
    /** A video of H.264, as most data is. */
    MP4,
    /** A folder of PNG files, without loss. */
    PNG
  }

  /**
   * @throws IllegalArgumentException naming the value that does not fit
   */
  public ClipSet {
    if (clips < 1 || clips > MAX_CLIPS) {
      throw new IllegalArgumentException(
          "a set of %d clips: from 1 to %d".formatted(clips, MAX_CLIPS));
    }
  }

  /** The name of a clip's file or folder. */
  String name(int index) {
    return "clip_%05d%s".formatted(index, format == Format.MP4 ? ".mp4" : "");
  }
}
