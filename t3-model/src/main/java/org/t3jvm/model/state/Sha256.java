package org.t3jvm.model.state;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 in the making. */
final class Sha256 {
  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** The hash of all bytes so far; begins anew. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of these bytes. */
  static String of(byte[] bytes) {
    Sha256 sha = new Sha256();
    sha.add(ByteBuffer.wrap(bytes));
    return sha.hex();
  }
}
