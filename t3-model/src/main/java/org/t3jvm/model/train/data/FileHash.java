package org.t3jvm.model.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.loaders.io.Digest;

/** What is in a video or image file, or in a folder of frames, as a hash. */
final class FileHash {
  private static final int BUFFER = 1 << 20;

  private FileHash() {}

  /** SHA-256 of a file's bytes, or of the names and bytes of the files in a folder. */
  static String of(Path path) throws IOException {
    Digest digest = Digest.sha256();
    if (!Files.isDirectory(path)) {
      add(digest, path);
      return digest.hex();
    }
    List<Path> files;
    try (Stream<Path> listed = Files.list(path)) {
      files = listed.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      String header = "%s %d\n".formatted(file.getFileName(), Files.size(file));
      digest.add(header.getBytes(StandardCharsets.UTF_8));
      add(digest, file);
    }
    return digest.hex();
  }

  private static void add(Digest digest, Path file) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.add(ByteBuffer.wrap(buffer, 0, n));
      }
    }
  }
}
