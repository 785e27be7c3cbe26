package org.t3jvm.job;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a video goes. While it is made, its state lies in a folder beside it.
 *
 * @param path of an MP4, or of a folder of PNG frames
 * @param pngFolder whether it is a folder of PNG frames
 * @param keepState whether the state stays beside the finished video
 * @param unfinished what becomes of an unfinished run of the same output
 */
public record Output(Path path, boolean pngFolder, boolean keepState, Unfinished unfinished) {
  /** What becomes of an unfinished run. */
  public enum Unfinished {
    /** The new run fails; the old one stays. */
    REFUSE,
    /** The old run is deleted. */
    DISCARD,
    /** The old run is resumed if it makes the same video; else the new run fails. */
    RESUME
  }

  /** A video whose name ends with {@code .mp4}, or an existing folder. */
  public static Output of(Path path) {
    return new Output(path, Files.isDirectory(path), false, Unfinished.REFUSE);
  }

  /** A name as a user types it: one that ends with {@code /} is a folder of PNG frames. */
  public static Output of(String name) {
    boolean slash = name.endsWith("/") || name.endsWith(File.separator);
    return slash ? new Output(Path.of(name), true, false, Unfinished.REFUSE) : of(Path.of(name));
  }

  public Output keepState(boolean keep) {
    return new Output(path, pngFolder, keep, unfinished);
  }

  public Output unfinished(Unfinished what) {
    return new Output(path, pngFolder, keepState, what);
  }

  /** As a user types it. */
  @Override
  public String toString() {
    return pngFolder ? path + File.separator : path.toString();
  }
}
