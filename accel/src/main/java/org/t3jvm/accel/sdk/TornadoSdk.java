package org.t3jvm.accel.sdk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where TornadoVM is installed, or why it was not found. */
public sealed interface TornadoSdk {
  /** The environment variable that names the SDK's folder. */
  String HOME = "TORNADOVM_HOME";

  /** The folder of an SDK that holds TornadoVM's jars. */
  String JARS = "share/java/tornado";

  /** An SDK with its jars. */
  record Installed(Path home) implements TornadoSdk {
    /** File names of the SDK's jars, in order. */
    public List<String> jars() {
      try (Stream<Path> files = Files.list(home.resolve(JARS))) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".jar"))
            .sorted()
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + home.resolve(JARS), e);
      }
    }
  }

  /** No SDK; {@code reason} is a clause such as "TORNADOVM_HOME is not set". */
  record Absent(String reason) implements TornadoSdk {}

  /** Looks into the folder that {@code home}, the value of {@link #HOME}, names. */
  static TornadoSdk locate(@Nullable String home) {
    if (home == null || home.isBlank()) {
      return new Absent(HOME + " is not set");
    }
    Path folder;
    try {
      folder = Path.of(home);
    } catch (InvalidPathException e) {
      return new Absent("%s is '%s', which is not a path".formatted(HOME, home));
    }
    if (!Files.isDirectory(folder)) {
      return new Absent("%s is '%s', which is not a folder".formatted(HOME, home));
    }
    if (!Files.isDirectory(folder.resolve(JARS))) {
      return new Absent("%s is '%s', which has no %s".formatted(HOME, home, JARS));
    }
    return new Installed(folder);
  }
}
