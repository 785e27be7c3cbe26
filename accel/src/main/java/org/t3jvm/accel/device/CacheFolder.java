package org.t3jvm.accel.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Files that are only kept to save time, of one device, driver and text. One that is missing, cut
 * off or cannot be written costs time and nothing else.
 */
public final class CacheFolder {
  private static final int HASH_BYTES = 32;
  private static final int NAME_DIGITS = 24;

  private final Path folder;

  private CacheFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Under the user's caches: {@code $XDG_CACHE_HOME/t3jvm/devices}, or that in {@code ~/.cache}.
   */
  public static CacheFolder ofUser(Map<String, String> environment) {
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path root =
        caches.isAbsolute() ? caches : Path.of(System.getProperty("user.home", ""), ".cache");
    return in(root.resolve("t3jvm").resolve("devices"));
  }

  /** In some folder, which need not be there. */
  public static CacheFolder in(Path folder) {
    return new CacheFolder(folder);
  }

  /** The part for what some words describe, such as a device, its driver and a text. */
  public CacheFolder of(String... words) {
    byte[] hash = hash(String.join("\n", words).getBytes(StandardCharsets.UTF_8));
    return in(folder.resolve(HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS)));
  }

  /** What was kept under a name, whole. */
  public Optional<byte[]> read(String name) {
    try {
      byte[] file = Files.readAllBytes(folder.resolve(name));
      if (file.length < HASH_BYTES) {
        return Optional.empty();
      }
      byte[] content = Arrays.copyOfRange(file, HASH_BYTES, file.length);
      return MessageDigest.isEqual(hash(content), Arrays.copyOf(file, HASH_BYTES))
          ? Optional.of(content)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Keeps something if it can be kept; others see all of it or nothing. */
  public void write(String name, byte[] content) {
    try {
      Files.createDirectories(folder);
      Path part = Files.createTempFile(folder, name, ".part");
      byte[] file = Arrays.copyOf(hash(content), HASH_BYTES + content.length);
      System.arraycopy(content, 0, file, HASH_BYTES, content.length);
      Files.write(part, file);
      Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // It is made again next time.
    }
  }

  private static byte[] hash(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
