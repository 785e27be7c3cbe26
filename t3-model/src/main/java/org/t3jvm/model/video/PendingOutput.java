package org.t3jvm.model.video;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The name an output will have, hidden names beside it to work under, and its error messages. */
final class PendingOutput {
  /** A sibling's name: dot, final name, tag, suffix. */
  private static final Pattern SIBLING = Pattern.compile("\\.(.+)\\.[0-9a-f]+\\.(part|old)");

  private static final Logger LOG = System.getLogger(PendingOutput.class.getName());

  private final Path target;
  private final Path folder;
  private final Path name;

  /**
   * @throws IOException if the target has no name or its folder does not exist
   */
  PendingOutput(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path last = absolute.getFileName();
    if (parent == null || last == null) {
      throw new IOException(target + ": cannot be written, it is the root folder");
    }
    if (!Files.isDirectory(parent)) {
      throw new IOException(
          target + ": cannot be written, there is no folder " + parent + "; create it first");
    }
    this.target = target;
    this.folder = parent;
    this.name = last;
  }

  /** The absolute path of the final name. */
  Path path() {
    return folder.resolve(name);
  }

  /** A fresh hidden name beside the target; nothing is created. */
  Path sibling(String suffix) {
    String tag = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return folder.resolve("." + name + "." + tag + suffix);
  }

  /** Deletes siblings that processes which are gone have left of these names in a folder. */
  static void deleteLeftovers(Path folder, Set<String> names) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Matcher sibling = SIBLING.matcher(String.valueOf(entry.getFileName()));
        if (sibling.matches() && names.contains(sibling.group(1))) {
          deleteQuietly(entry);
        }
      }
    }
  }

  /** One line that names the target and the reason why it cannot be written. */
  IOException failure(IOException cause) {
    Throwable root = cause;
    while (root.getCause() instanceof IOException deeper) {
      root = deeper;
    }
    if (root instanceof AccessDeniedException) {
      return failure("no permission to write in " + folder, cause);
    }
    String reason = root instanceof FileSystemException file ? file.getReason() : null;
    String message = reason != null ? reason : root.getMessage();
    return failure(message != null ? message : root.toString(), cause);
  }

  /** One line that names the target and gives the reason. */
  IOException failure(String reason, @Nullable Throwable cause) {
    String line = reason.strip().replaceAll("\\s*\\R\\s*", "; ");
    return new IOException(target + ": cannot be written, " + line, cause);
  }

  /** Deletes a file, or a folder and the files in it, if it is there. */
  static void deleteQuietly(Path path) {
    try {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries.forEach(PendingOutput::deleteQuietly);
        }
      }
      Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "could not remove {0}: {1}", path, e.toString());
    }
  }
}
