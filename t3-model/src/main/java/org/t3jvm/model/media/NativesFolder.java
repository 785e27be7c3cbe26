package org.t3jvm.model.media;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Where JavaCPP unpacks the native libraries: a folder that no other account can write, under the
 * user's caches or, where those cannot be written, under the temporary folder. Whatever lies there
 * is loaded as code.
 */
final class NativesFolder {
  /** JavaCPP's own name for the folder. */
  static final String PROPERTY = "org.bytedeco.javacpp.cachedir";

  private static final boolean UNIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("unix");
  private static final int OTHERS_WRITE = 0022;
  private static final int OTHERS_ANYTHING = 0077;
  private static final int STICKY = 01000;

  private NativesFolder() {}

  /**
   * Chooses the folder once for this JVM, unless the user has.
   *
   * @throws IOException naming the folders that were looked at, if none is safe
   */
  static synchronized void choose() throws IOException {
    if (System.getProperty(PROPERTY) == null) {
      System.setProperty(PROPERTY, find(candidates(System.getenv())).toString());
    }
  }

  private static List<Path> candidates(Map<String, String> environment) {
    List<Path> candidates = new ArrayList<>();
    Path caches = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
    Path home = Path.of(System.getProperty("user.home", ""));
    if (caches.isAbsolute()) {
      candidates.add(caches.resolve("t3jvm").resolve("natives"));
    }
    if (home.isAbsolute()) {
      candidates.add(home.resolve(".cache").resolve("t3jvm").resolve("natives"));
    }
    candidates.add(
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("t3jvm-natives-" + System.getProperty("user.name").replaceAll("\\W", "_")));
    return candidates;
  }

  /** The first of some folders that is this user's alone, made if it is not there. */
  static Path find(List<Path> candidates) throws IOException {
    List<String> refusals = new ArrayList<>();
    for (Path candidate : candidates) {
      try {
        return prepared(candidate);
      } catch (IOException e) {
        refusals.add(
            e instanceof UnsafeException ? e.getMessage() : candidate + " cannot be written");
      }
    }
    throw new IOException(
        "there is no safe folder to unpack native libraries in: %s; set XDG_CACHE_HOME to a folder of your own"
            .formatted(String.join(", ", refusals)));
  }

  private static final class UnsafeException extends IOException {
    private static final long serialVersionUID = 1L;

    UnsafeException(String message) {
      super(message);
    }
  }

  private static Path prepared(Path folder) throws IOException {
    FileAttribute<?>[] ownerOnly =
        UNIX
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent, ownerOnly);
    }
    try {
      Files.createDirectory(folder, ownerOnly);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new UnsafeException(folder + " is no folder");
      }
    }
    // A file made now is owned by whoever runs this, and shows that the folder can be written.
    Path probe = Files.createTempFile(folder, "probe", "");
    try {
      if (UNIX) {
        requireSafe(folder, number(probe, "uid"));
      }
    } finally {
      Files.delete(probe);
    }
    return folder.toRealPath();
  }

  private static void requireSafe(Path folder, int user) throws IOException {
    if (number(folder, "uid") != user) {
      throw new UnsafeException(folder + " belongs to another user");
    }
    if ((number(folder, "mode") & OTHERS_ANYTHING) != 0) {
      throw new UnsafeException(folder + " is open to other users (it must have mode 700)");
    }
    for (Path above = folder.toRealPath().getParent(); above != null; above = above.getParent()) {
      int owner = number(above, "uid");
      int mode = number(above, "mode");
      boolean writable = (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0;
      if (writable || (owner != user && owner != 0)) {
        throw new UnsafeException(
            "%s can be replaced, as others can write %s".formatted(folder, above));
      }
    }
  }

  private static int number(Path path, String attribute) throws IOException {
    Object value = Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    return ((Number) value).intValue();
  }
}
