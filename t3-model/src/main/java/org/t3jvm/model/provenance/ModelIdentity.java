package org.t3jvm.model.provenance;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.loaders.open.Checkpoints;

/**
 * Which weights made a video.
 *
 * @param name the model folder's name, or the DiT's file
 * @param hash SHA-256 over each file's name, size and samples; differs between files of different
 *     weights, at the cost of a few reads, where a hash of all bytes would read 20 GB
 */
public record ModelIdentity(String name, String hash) {
  private static final int SAMPLES = 64;
  private static final int SAMPLE_BYTES = 4096;

  /**
   * The identity of a model.
   *
   * @param files all that its weights and tokenizer lie in
   * @throws IOException if one cannot be read
   */
  public static ModelIdentity of(String name, List<Path> files) throws IOException {
    Digest digest = Digest.sha256();
    for (Path file : files) {
      add(digest, file);
    }
    return new ModelIdentity(name, digest.hex());
  }

  /** Evenly spaced pieces of a file, the first and the last bytes among them. */
  private static void add(Digest digest, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(Checkpoints.file(file), StandardOpenOption.READ)) {
      long size = channel.size();
      digest.add((file.getFileName() + "\n" + size + "\n").getBytes(StandardCharsets.UTF_8));
      long last = Math.max(0, size - SAMPLE_BYTES);
      ByteBuffer buffer = ByteBuffer.allocate(SAMPLE_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        buffer.clear();
        long position = Math.round((double) last * i / (SAMPLES - 1));
        while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {
          // A read may give less than asked for.
        }
        digest.add(buffer.flip());
      }
    }
  }
}
