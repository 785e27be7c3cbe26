package org.t3jvm.model.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Opens what holds frames: a folder of PNG files, or a video file. */
public final class VideoReaders {
  private VideoReaders() {}

  /**
   * The frames of a video file of any kind that is read, each once, or of a folder's PNG files by
   * name.
   *
   * @throws IOException naming the file if there is none, or it is no video or holds no frame
   */
  public static FrameSource open(Path path) throws IOException {
    return open(path, 0);
  }

  /**
   * As {@link #open(Path)}, with the frames of a video file taken by time.
   *
   * @param rate frames a second to give; the files of a folder have no times and are taken one by
   *     one
   */
  public static FrameSource open(Path path, double rate) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    return Files.isDirectory(path) ? new PngSequenceReader(path) : new VideoFileReader(path, rate);
  }
}
