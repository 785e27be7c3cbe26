package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.t3jvm.loaders.io.Digest;

/**
 * The hash that a listing gives of a file: SHA-256 of files in large-file storage, of others git's
 * SHA-1 of the blob, which has a header before the bytes.
 *
 * @param sha256 which of both
 * @param hex the hash
 */
record ContentHash(boolean sha256, String hex) {
  private static final int BUFFER = 1 << 20;

  /** True if a file has this hash. */
  boolean matches(Path file) throws IOException {
    Digest digest = sha256 ? Digest.sha256() : Digest.sha1();
    if (!sha256) {
      digest.add(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.add(ByteBuffer.wrap(buffer, 0, n));
      }
    }
    return digest.hex().equalsIgnoreCase(hex);
  }
}
