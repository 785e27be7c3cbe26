package org.t3jvm.model.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** What is read of a run from its state folder without opening it. */
public final class SavedRun {
  private static final String SUFFIX = ".t3state";

  /** What stands for a folder without naming it. */
  private static final Set<String> NO_NAMES = Set.of("", ".", "..");

  private final StateIndex index;

  private SavedRun(StateIndex index) {
    this.index = index;
  }

  /** The state folder of an output, as a user types its name: {@code out.mp4.t3state}. */
  public static Path folderOf(Path output) {
    String name = String.valueOf(output.getFileName());
    Path named = NO_NAMES.contains(name) ? output.toAbsolutePath().normalize() : output;
    return named.resolveSibling(named.getFileName() + SUFFIX);
  }

  /** The state folder that a user means: one of its own name, or of that output. */
  public static Path folderMeant(Path folderOrOutput) {
    if (!String.valueOf(folderOrOutput.getFileName()).endsWith(SUFFIX)) {
      Path folder = folderOf(folderOrOutput);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    }
    return folderOrOutput;
  }

  /**
   * The output that a state folder lies beside.
   *
   * @throws IOException if the folder's name is not that of a state
   */
  public static Path outputOf(Path folder) throws IOException {
    Path absolute = folder.toAbsolutePath().normalize();
    String name = String.valueOf(absolute.getFileName());
    if (!name.endsWith(SUFFIX) || name.length() == SUFFIX.length()) {
      throw new IOException(
          "%s: a run's state is a folder named after its output, such as video.mp4%s"
              .formatted(folder, SUFFIX));
    }
    return absolute.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
  }

  /**
   * The run that a folder holds the state of; empty if there is no folder or no run was begun in
   * it.
   *
   * @param version of this program
   * @throws IOException if the state is damaged or of another version
   */
  public static Optional<SavedRun> find(Path folder, String version) throws IOException {
    return Files.exists(folder.resolve(StateIndexFile.NAME))
        ? Optional.of(new SavedRun(StateIndexFile.read(folder, version)))
        : Optional.empty();
  }

  /**
   * The run that a folder holds the state of.
   *
   * @param version of this program
   * @throws IOException if there is none, or it is damaged or of another version
   */
  public static SavedRun read(Path folder, String version) throws IOException {
    return new SavedRun(StateIndexFile.read(folder, version));
  }

  public RunSettings settings() {
    return index.settings();
  }

  /** True if the run gives the same video, bit for bit, as one of {@code other} settings. */
  public boolean sameVideo(RunSettings other) {
    return index.settingsHash().equals(other.hash());
  }

  /** Where the run is, for people. */
  public String progress() {
    return index.progress();
  }

  /** True if resuming saves work over beginning anew. */
  public boolean worthKeeping() {
    return index.worthKeeping();
  }

  /** Deletes a state whatever it is, damaged or not; files of others stay. */
  public static void discard(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (FolderLock _ = FolderLock.take(folder)) {
      Files.deleteIfExists(folder.resolve(StateIndexFile.NAME));
      StateFiles.deleteAll(folder);
    }
    StateFiles.deleteFolder(folder);
  }
}
