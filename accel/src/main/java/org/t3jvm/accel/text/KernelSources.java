package org.t3jvm.accel.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Java sources that the text is generated from, as a hash of what they say without comments and
 * layout. It is kept beside the text, so that a build without TornadoVM finds text that is older
 * than the kernels.
 */
public final class KernelSources {
  /** The file of the hash, from the folder of this package. */
  public static final String HASH = "sources.sha256";

  private static final List<String> FOLDERS =
      List.of("src/tornado/java/org/t3jvm/accel/kernels", "src/main/java/org/t3jvm/accel/slots");

  private KernelSources() {}

  /**
   * The hash.
   *
   * @param module the folder of module accel
   */
  public static String hash(Path module) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files(module)) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(said(Files.readString(file)).getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> files(Path module) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : FOLDERS) {
      if (Files.isDirectory(module.resolve(folder))) {
        try (Stream<Path> found = Files.list(module.resolve(folder))) {
          found.filter(file -> !file.endsWith("package-info.java")).sorted().forEach(files::add);
        }
      }
    }
    return files;
  }

  private static String said(String source) {
    return source
        .replaceAll("(?s)/\\*.*?\\*/", " ")
        .replaceAll("//[^\n]*", " ")
        .replaceAll("\\s+", " ")
        .replaceAll(" ?([^\\w ]) ?", "$1");
  }
}
