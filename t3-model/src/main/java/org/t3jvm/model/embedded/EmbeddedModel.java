package org.t3jvm.model.embedded;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.files.ModelDefaults;

/**
 * The model that comes with the program, as files: an own temporary copy, deleted on close or when
 * the JVM ends. It is that of {@code models/primer}, or the one in the folder that the environment
 * variable {@code T3_EMBEDDED} names, which tests set to {@code models/tiny}.
 */
public final class EmbeddedModel implements AutoCloseable {
  private static final String VARIABLE = "T3_EMBEDDED";
  private static final String RESOURCES = "primer/";
  private static final List<String> PRIMER =
      List.of(
          "Wan2.1_VAE.safetensors",
          "config.json",
          "diffusion_pytorch_model.safetensors",
          "google/umt5-xxl/tokenizer.json",
          "models_t5_umt5-xxl-enc.safetensors",
          ModelDefaults.FILE);

  private static final String PREFIX = "t3-embedded-model-";
  private static final String LOCK = ".lock";
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Path own;
  private final Path folder;
  private final FileChannel lock;
  private final Thread atExit = new Thread(this::deleteQuietly, "embedded-model-cleanup");

  private EmbeddedModel(Path own, FileChannel lock) {
    this.own = own;
    this.folder = own.resolve("model");
    this.lock = lock;
  }

  /** Takes the lock that says that a copy is in use; it ends with the process. */
  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  /** What killed processes of the same user have left: copies whose lock nobody holds. */
  private static void deleteLeftovers(Path own) throws IOException {
    List<Path> others;
    try (Stream<Path> files = Files.list(own.resolveSibling(""))) {
      others =
          files
              .filter(file -> file.getFileName().toString().startsWith(PREFIX))
              .filter(file -> !file.equals(own) && Files.isDirectory(file, NOFOLLOW_LINKS))
              .toList();
    }
    for (Path other : others) {
      try {
        if (Files.getOwner(other, NOFOLLOW_LINKS).equals(Files.getOwner(own)) && isLeft(other)) {
          delete(other);
        }
      } catch (IOException e) {
        // Another process deletes it, too.
      }
    }
  }

  private static boolean isLeft(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    // One that is being made has no lock, or has not taken it yet.
    if (!Files.isRegularFile(lock, NOFOLLOW_LINKS)
        || Files.getLastModifiedTime(lock).toInstant().isAfter(Instant.now().minus(YOUNG))) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Unpacks the model.
   *
   * @throws IOException if the temporary folder cannot be written
   */
  public static EmbeddedModel open() throws IOException {
    Path own = Files.createTempDirectory(PREFIX);
    deleteLeftovers(own);
    EmbeddedModel model = new EmbeddedModel(own, lock(own));
    Runtime.getRuntime().addShutdownHook(model.atExit);
    try {
      String other = System.getenv(VARIABLE);
      if (other == null) {
        for (String file : PRIMER) {
          unpack(file, model.folder.resolve(file));
        }
      } else {
        copy(Path.of(other), model.folder);
      }
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static void unpack(String file, Path target) throws IOException {
    Files.createDirectories(target.resolveSibling(""));
    try (InputStream in =
        Objects.requireNonNull(
            EmbeddedModel.class.getResourceAsStream(RESOURCES + file), RESOURCES + file)) {
      Files.copy(in, target);
    } catch (IOException e) {
      throw new IOException(
          "the embedded model cannot be unpacked to '%s': %s".formatted(target, e.getMessage()), e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      throw new IOException("%s: there is no folder '%s'".formatted(VARIABLE, from));
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.resolveSibling(""));
        Files.copy(file, target);
      }
    }
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
    try (lock) {
      delete(own);
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
