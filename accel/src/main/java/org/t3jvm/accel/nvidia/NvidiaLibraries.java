package org.t3jvm.accel.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** NVIDIA's libraries on this machine, or why they cannot be used. */
public sealed interface NvidiaLibraries {
  /**
   * All that is needed.
   *
   * @param cublasLt functions of cuBLASLt
   * @param cudnn functions of cuDNN
   * @param driver functions of the driver
   * @param description names and versions, for people
   */
  record Found(SymbolLookup cublasLt, SymbolLookup cudnn, SymbolLookup driver, String description)
      implements NvidiaLibraries {}

  /** Something is not there; {@code reason} is a clause for people. */
  record Missing(String reason) implements NvidiaLibraries {}

  /** File names of the libraries, newest first. */
  List<String> CUBLAS_LT = List.of("libcublasLt.so.13", "libcublasLt.so.12", "cublasLt64_12.dll");

  /** File names of cuDNN: its attention is that of version 9. */
  List<String> CUDNN = List.of("libcudnn.so.9", "cudnn64_9.dll");

  /** What cuDNN compiles kernels with; it finds it by itself only on the system's path. */
  List<String> COMPILER = List.of("libnvrtc.so.13", "libnvrtc.so.12");

  /** File names of the driver. */
  List<String> DRIVER = List.of("libcuda.so.1", "nvcuda.dll");

  /** Loads libraries by file name, or by path; nothing if that cannot be loaded. */
  @FunctionalInterface
  interface Loader {
    Optional<SymbolLookup> load(String library);
  }

  /** Those of this process, loaded once. */
  static NvidiaLibraries ofThisMachine() {
    return OfThisMachine.LIBRARIES;
  }

  /** Holds what {@link #ofThisMachine} found. */
  final class OfThisMachine {
    private static final NvidiaLibraries LIBRARIES =
        find(System::getenv, OfThisMachine::loadForever);

    private OfThisMachine() {}

    private static Optional<SymbolLookup> loadForever(String library) {
      try {
        return Optional.of(
            library.contains("/")
                ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
                : SymbolLookup.libraryLookup(library, Arena.global()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
  }

  /**
   * Looks on the system's path, then in the folders of {@link LibraryFolders}.
   *
   * @param environment the value of a variable
   */
  static NvidiaLibraries find(Function<String, @Nullable String> environment, Loader loader) {
    LibraryFolders folders = LibraryFolders.of(environment);
    Optional<SymbolLookup> driver = first(DRIVER, List.of(), loader);
    Optional<SymbolLookup> cublasLt = first(CUBLAS_LT, folders.folders(), loader);
    for (String compiler : COMPILER) {
      first(List.of(compiler), folders.folders(), loader);
    }
    Optional<SymbolLookup> cudnn = first(CUDNN, folders.folders(), loader);
    if (driver.isEmpty()) {
      return new Missing("%s, of NVIDIA's driver, cannot be loaded".formatted(DRIVER.getFirst()));
    }
    if (cublasLt.isEmpty()) {
      return absent("cuBLASLt", "libcublasLt.so.13 or .12", folders);
    }
    if (cudnn.isEmpty()) {
      return absent("cuDNN", "libcudnn.so.9", folders);
    }
    try {
      String description =
          "cuBLASLt %s, cuDNN %s"
              .formatted(CublasLt.version(cublasLt.get()), Cudnn.version(cudnn.get()));
      return new Found(cublasLt.get(), cudnn.get(), driver.get(), description);
    } catch (LibraryException e) {
      return new Missing(
          "what is installed as cuBLASLt or cuDNN does not report its version: " + e.getMessage());
    }
  }

  private static Missing absent(String library, String files, LibraryFolders folders) {
    return new Missing(
        "%s is missing: no %s could be loaded from the system's library path, %s"
            .formatted(library, files, String.join(", ", folders.places())));
  }

  /** The first of some names that loads, by itself or from a folder that has it. */
  private static Optional<SymbolLookup> first(
      List<String> names, List<Path> folders, Loader loader) {
    for (String name : names) {
      Optional<SymbolLookup> known = loader.load(name);
      if (known.isPresent()) {
        return known;
      }
      for (Path folder : folders) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file)) {
          Optional<SymbolLookup> loaded = loader.load(file.toString());
          if (loaded.isPresent()) {
            return loaded;
          }
        }
      }
    }
    return Optional.empty();
  }
}
