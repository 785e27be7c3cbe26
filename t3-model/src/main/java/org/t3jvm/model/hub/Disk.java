package org.t3jvm.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system that a repository is downloaded to. */
public interface Disk {
  /** The one there is. */
  Disk REAL = new Disk() {};

  /** Bytes that may be written in a folder. */
  default long free(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Writes all of {@code bytes} at a position. */
  default void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += file.write(bytes, at);
    }
  }
}
