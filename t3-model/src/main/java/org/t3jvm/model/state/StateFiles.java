package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of the files in a state folder, and their removal. Other files are never touched. */
final class StateFiles {
  private static final Pattern OURS =
      Pattern.compile(
          "state\\.json|frames\\.bin|(latents|decoder)-\\d+\\.safetensors|\\..+\\.part");

  private StateFiles() {}

  static String latents(int step) {
    return String.format(Locale.ROOT, "latents-%04d.safetensors", step);
  }

  static String decoder(int latentFrames) {
    return String.format(Locale.ROOT, "decoder-%04d.safetensors", latentFrames);
  }

  /**
   * A file of a state folder, which is no link to somewhere else.
   *
   * @throws IOException if something other than a file has its name
   */
  static Path plain(Path folder, String name) throws IOException {
    Path file = folder.resolve(name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(
          "%s: %s is no plain file, as those of a state are".formatted(folder, name));
    }
    return file;
  }

  /** Deletes all of our files but the lock. */
  static void deleteAll(Path folder) throws IOException {
    delete(folder, Set.of());
  }

  /** Deletes what crashed processes have left beside the files of {@code index}. */
  static void deleteOthers(Path folder, StateIndex index) throws IOException {
    Set<String> wanted = new HashSet<>(Set.of(StateIndexFile.NAME));
    if (index.latents() != null) {
      wanted.add(index.latents().name());
    }
    if (index.frames().decoder() != null) {
      wanted.add(index.frames().decoder().name());
    }
    if (index.frames().count() > 0) {
      wanted.add(FrameStore.NAME);
    }
    delete(folder, wanted);
  }

  private static void delete(Path folder, Set<String> wanted) throws IOException {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.toList();
    }
    for (Path entry : entries) {
      String name = String.valueOf(entry.getFileName());
      if (OURS.matcher(name).matches() && !wanted.contains(name)) {
        Files.deleteIfExists(entry);
      }
    }
  }

  /** Deletes the folder, unless it holds files of others. */
  static void deleteFolder(Path folder) throws IOException {
    Files.deleteIfExists(folder.resolve(FolderLock.NAME));
    try (Stream<Path> left = Files.list(folder)) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    Files.deleteIfExists(folder);
  }

  /** Why something failed, without the names of hidden files. */
  static String reason(IOException e) {
    Throwable root = e;
    while (root.getCause() instanceof IOException deeper) {
      root = deeper;
    }
    return switch (root) {
      case NoSuchFileException missing -> "the folder is gone";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> String.valueOf(root.getMessage());
    };
  }
}
