package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.t3jvm.loaders.io.Digest;

/**
 * A file of a state folder as {@code state.json} knows it.
 *
 * @param sha256 of its bytes, in hexadecimal
 */
record StoredFile(String name, long bytes, String sha256) {
  private static final int CHUNK = 1 << 20;
  private static final Pattern NAMES = Pattern.compile("(latents|decoder)-\\d{1,9}\\.safetensors");

  StoredFile {
    if (!NAMES.matcher(name).matches() || bytes < 0) {
      throw new IllegalArgumentException("no file of a state is called " + name);
    }
  }

  /** Describes a file that was written. */
  static StoredFile of(Path file) throws IOException {
    Digest digest = Digest.sha256();
    long bytes = 0;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      while (channel.read(buffer) >= 0) {
        bytes += buffer.flip().remaining();
        digest.add(buffer);
        buffer.clear();
      }
    }
    return new StoredFile(String.valueOf(file.getFileName()), bytes, digest.hex());
  }

  /**
   * The file's path.
   *
   * @throws IOException if it is missing or has other bytes than those described
   */
  Path verified(Path folder) throws IOException {
    Path file = StateFiles.plain(folder, name);
    StoredFile found;
    try {
      found = of(file);
    } catch (NoSuchFileException e) {
      throw new IOException("%s: the state is damaged, %s is missing".formatted(folder, name), e);
    }
    if (!found.equals(this)) {
      throw new IOException(
          "%s: the state is damaged, %s does not hold what was written to it"
              .formatted(folder, name));
    }
    return file;
  }
}
