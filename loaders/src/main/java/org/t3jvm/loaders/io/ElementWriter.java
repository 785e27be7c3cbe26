package org.t3jvm.loaders.io;

import java.io.IOException;
import org.t3jvm.loaders.TensorInfo;

/** Writes the elements of one tensor after another, each piece by piece if need be. */
@FunctionalInterface
public interface ElementWriter {
  /**
   * Appends exactly {@code info.bytes()} bytes.
   *
   * @throws IOException if the elements cannot be had or written
   */
  void write(TensorInfo info, AtomicFile file) throws IOException;
}
