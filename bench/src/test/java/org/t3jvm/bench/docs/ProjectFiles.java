package org.t3jvm.bench.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sources and documents of the whole project, found from the folder that a module's tests run in.
 */
final class ProjectFiles {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path SPEC = ROOT.resolve("docs/SPEC.md");

  private ProjectFiles() {}

  /** Every Java file under {@code src/main} and {@code src/tornado} of every module, in order. */
  static List<Path> mainSources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 1)) {
      return files
          .flatMap(module -> Stream.of(module.resolve("src/main"), module.resolve("src/tornado")))
          .filter(Files::isDirectory)
          .flatMap(folder -> under(folder, ".java").stream())
          .sorted()
          .toList();
    }
  }

  /** The Markdown files at the root and under {@code docs}, in order. */
  static List<Path> documents() throws IOException {
    try (Stream<Path> files = Files.list(ROOT)) {
      return Stream.concat(
              files.filter(file -> file.toString().endsWith(".md")),
              under(ROOT.resolve("docs"), ".md").stream())
          .sorted()
          .toList();
    }
  }

  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }

  private static List<Path> under(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
