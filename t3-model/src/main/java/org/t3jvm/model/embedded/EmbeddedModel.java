package org.t3jvm.model.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tiny model that comes with the program, as files: an own temporary copy, deleted on close or
 * when the JVM ends. {@link TinyModelMaker} made it; its weights are untrained.
 */
public final class EmbeddedModel implements AutoCloseable {
  private static final String RESOURCES = "tiny/";

  private final Path folder;
  private final Thread atExit = new Thread(this::deleteQuietly, "embedded-model-cleanup");

  private EmbeddedModel(Path folder) {
    this.folder = folder;
  }

  /**
   * Unpacks the model.
   *
   * @throws IOException if the temporary folder cannot be written
   */
  public static EmbeddedModel open() throws IOException {
    EmbeddedModel model = new EmbeddedModel(Files.createTempDirectory("t3-tiny-model-"));
    Runtime.getRuntime().addShutdownHook(model.atExit);
    try {
      for (String file : TinyKind.T2V.files()) {
        unpack(file, model.folder.resolve(file));
      }
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void unpack(String file, Path target) throws IOException {
    Files.createDirectories(target.resolveSibling(""));
    try (InputStream in = resource(file)) {
      Files.copy(in, target);
    } catch (IOException e) {
      throw new IOException(
          "the embedded model cannot be unpacked to '%s': %s".formatted(target, e.getMessage()), e);
    }
  }

  /** The bytes of one of the model's files as they come with the program. */
  static InputStream resource(String file) {
    return Objects.requireNonNull(
        EmbeddedModel.class.getResourceAsStream(RESOURCES + file), RESOURCES + file);
  }

  /** A model folder, laid out as a Wan2.1-T2V download. */
  public Path folder() {
    return folder;
  }

  /** Deletes the copy. Open checkpoints on it should be closed before. */
  @Override
  public void close() {
    deleteQuietly();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook runs anyway and finds nothing left to do.
    }
  }

  private void deleteQuietly() {
    try {
      delete(folder);
    } catch (IOException e) {
      // It lies in the system's folder for temporary files and is left to the system.
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
