package org.t3jvm.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    MessageDigest digest = digest(sha256 ? "SHA-256" : "SHA-1");
    if (!sha256) {
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equalsIgnoreCase(hex);
  }

  private static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
