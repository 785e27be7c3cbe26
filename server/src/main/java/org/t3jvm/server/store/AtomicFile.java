package org.t3jvm.server.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes small files so that there is always a whole one, the old or the new. */
public final class AtomicFile {
  /** Names of files that are being written. */
  static final String PREFIX = ".new-";

  private AtomicFile() {}

  /** Replaces a file, and returns when it is on disk. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path part = file.resolveSibling(PREFIX + file.getFileName());
    try (FileChannel channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    sync(file.resolveSibling(""));
  }

  /** Brings the names in a folder to disk, on systems where a folder can be opened. */
  static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows: names are durable by other means.
    }
  }
}
