package org.t3jvm.model.video;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.image.RgbImage;

/** Gives the frames of one video in order, all of one size. */
public interface FrameSource extends AutoCloseable {
  /**
   * The next frame [height, width, 3] uint8, in an array of its own; null after the last.
   *
   * @throws IOException if it cannot be read, naming the file
   */
  @Nullable RgbImage next() throws IOException;

  /** Frees everything. */
  @Override
  void close();
}
