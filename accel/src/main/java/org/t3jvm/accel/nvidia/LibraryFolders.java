package org.t3jvm.accel.nvidia;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Folders that may hold NVIDIA's libraries: of the CUDA toolkit, and of the packages in a Python
 * environment that is active.
 *
 * @param folders those that exist, in the order in which they are looked through
 * @param places what was looked at, for people, such as {@code CUDA_HOME (not set)}
 */
record LibraryFolders(List<Path> folders, List<String> places) {
  private static final List<String> TOOLKITS = List.of("CUDA_HOME", "CUDA_PATH");
  private static final List<String> ENVIRONMENTS = List.of("VIRTUAL_ENV", "CONDA_PREFIX");

  /** Those that variables of the environment lead to. */
  static LibraryFolders of(Function<String, @Nullable String> environment) {
    List<Path> folders = new ArrayList<>();
    List<String> places = new ArrayList<>();
    for (String variable : TOOLKITS) {
      Optional<Path> home = folder(environment.apply(variable), variable, places);
      home.map(each -> each.resolve("lib64")).filter(Files::isDirectory).ifPresent(folders::add);
    }
    for (String variable : ENVIRONMENTS) {
      Optional<Path> home = folder(environment.apply(variable), variable, places);
      home.ifPresent(each -> folders.addAll(packages(each)));
    }
    return new LibraryFolders(List.copyOf(folders), List.copyOf(places));
  }

  private static Optional<Path> folder(
      @Nullable String value, String variable, List<String> places) {
    if (value == null || value.isBlank()) {
      places.add(variable + " (not set)");
      return Optional.empty();
    }
    places.add("%s (%s)".formatted(variable, value));
    try {
      return Optional.of(Path.of(value)).filter(Files::isDirectory);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** {@code lib/python*}{@code /site-packages/nvidia/*}{@code /lib}, in order. */
  private static List<Path> packages(Path home) {
    List<Path> found = new ArrayList<>();
    for (Path python : matching(home.resolve("lib"), "python*")) {
      for (Path each : matching(python.resolve("site-packages/nvidia"), "*")) {
        Path libraries = each.resolve("lib");
        if (Files.isDirectory(libraries)) {
          found.add(libraries);
        }
      }
    }
    return found;
  }

  private static TreeSet<Path> matching(Path folder, String names) {
    TreeSet<Path> found = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, names)) {
        entries.forEach(found::add);
      } catch (IOException e) {
        // A folder that cannot be read holds nothing to load.
        return found;
      }
    }
    return found;
  }
}
