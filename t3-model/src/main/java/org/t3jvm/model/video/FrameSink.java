package org.t3jvm.model.video;

import java.io.IOException;

/**
 * Takes the frames of one video in order. Nothing appears under the final name before {@link
 * #finish}; a sink that is closed without it, or whose writing failed, leaves nothing behind.
 */
public interface FrameSink extends AutoCloseable {
  /**
   * rgb [height, width, 3] uint8, row-major: appends one frame. The array may be reused afterwards.
   *
   * @throws IllegalArgumentException if the array has another length
   * @throws IOException if the frame cannot be encoded or written, naming the file
   */
  void write(byte[] rgb) throws IOException;

  /**
   * Completes the video and puts it under its final name, in place of what was there.
   *
   * @throws IOException if no frame was written or the last bytes cannot be, naming the file
   */
  void finish() throws IOException;

  /** Frees everything; discards the frames unless {@link #finish} succeeded. */
  @Override
  void close();
}
