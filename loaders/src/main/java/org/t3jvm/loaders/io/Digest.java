package org.t3jvm.loaders.io;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash in the making. */
public final class Digest {
  private final MessageDigest digest;

  private Digest(String algorithm) {
    try {
      digest = MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** A SHA-256 of nothing yet. */
  public static Digest sha256() {
    return new Digest("SHA-256");
  }

  /** A SHA-1 of nothing yet. */
  public static Digest sha1() {
    return new Digest("SHA-1");
  }

  /** The SHA-256 of these bytes, see {@link #hex}. */
  public static String sha256(byte[] bytes) {
    Digest digest = sha256();
    digest.add(bytes);
    return digest.hex();
  }

  /** All remaining bytes. */
  public void add(ByteBuffer bytes) {
    digest.update(bytes);
  }

  /** All bytes of an array. */
  public void add(byte[] bytes) {
    digest.update(bytes);
  }

  /** The hash of all bytes so far, in hexadecimal; begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
