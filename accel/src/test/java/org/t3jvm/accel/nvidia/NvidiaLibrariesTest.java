package org.t3jvm.accel.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvidiaLibrariesTest {
  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();

  /** What loads, by name or path, with its functions. */
  private final Map<String, SymbolLookup> loadable = new HashMap<>();

  private final List<String> tried = new ArrayList<>();

  private static final SymbolLookup CUBLAS_LT =
      new NativeStubs().with("cublasLtGetVersion", "J", a -> 120603);
  private static final SymbolLookup CUDNN =
      new NativeStubs().with("cudnnGetVersion", "J", a -> 90501);
  private static final SymbolLookup NOTHING = new NativeStubs();

  private NvidiaLibraries find() {
    return NvidiaLibraries.find(
        environment::get,
        library -> {
          tried.add(library);
          return Optional.ofNullable(loadable.get(library));
        });
  }

  private String reason() {
    return ((NvidiaLibraries.Missing) find()).reason();
  }

  /** A file that loads as a library. */
  private void install(Path at, SymbolLookup library) throws IOException {
    Files.createDirectories(at.getParent());
    Files.createFile(at);
    loadable.put(at.toString(), library);
  }

  @Test
  void theSystemsPathComesFirst() throws IOException {
    environment.put("CUDA_HOME", folder.toString());
    install(folder.resolve("lib64/libcublasLt.so.12"), NOTHING);
    loadable.put("libcuda.so.1", NOTHING);
    loadable.put("libcublasLt.so.12", CUBLAS_LT);
    loadable.put("libcudnn.so.9", CUDNN);
    assertThat(find())
        .isEqualTo(
            new NvidiaLibraries.Found(CUBLAS_LT, CUDNN, NOTHING, "cuBLASLt 12.6.3, cuDNN 9.5.1"));
  }

  @Test
  void toolkitAndPythonPackagesAreLookedThrough() throws IOException {
    Path packages = folder.resolve("venv/lib/python3.12/site-packages/nvidia");
    environment.put("CUDA_PATH", folder.resolve("cuda").toString());
    environment.put("VIRTUAL_ENV", folder.resolve("venv").toString());
    loadable.put("libcuda.so.1", NOTHING);
    install(folder.resolve("cuda/lib64/libcublasLt.so.13"), CUBLAS_LT);
    install(packages.resolve("cudnn/lib/libcudnn.so.9"), CUDNN);
    install(packages.resolve("cuda_nvrtc/lib/libnvrtc.so.12"), NOTHING);
    assertThat(find()).isInstanceOf(NvidiaLibraries.Found.class);
    assertThat(tried.indexOf(packages.resolve("cuda_nvrtc/lib/libnvrtc.so.12").toString()))
        .as("what cuDNN compiles with is there before it is")
        .isBetween(0, tried.indexOf(packages.resolve("cudnn/lib/libcudnn.so.9").toString()));
  }

  @Test
  void whatIsMissingIsNamedWithWhereItWasLookedFor() {
    environment.put("CUDA_HOME", folder.resolve("none").toString());
    environment.put("VIRTUAL_ENV", "a\0b");
    assertThat(reason()).isEqualTo("libcuda.so.1, of NVIDIA's driver, cannot be loaded");
    loadable.put("libcuda.so.1", NOTHING);
    assertThat(reason())
        .isEqualTo(
            "cuBLASLt is missing: no libcublasLt.so.13 or .12 could be loaded from the system's"
                + " library path, CUDA_HOME (%s), CUDA_PATH (not set), VIRTUAL_ENV (a\0b),"
                    .formatted(folder.resolve("none"))
                + " CONDA_PREFIX (not set)");
    loadable.put("libcublasLt.so.13", CUBLAS_LT);
    assertThat(reason()).startsWith("cuDNN is missing: no libcudnn.so.9 could be loaded from");
  }

  @Test
  void filesThatDoNotLoadAreNoLibraries() throws IOException {
    environment.put("CUDA_HOME", folder.toString());
    Path file = folder.resolve("lib64/libcublasLt.so.12");
    install(file, CUBLAS_LT);
    loadable.remove(file.toString());
    loadable.put("libcuda.so.1", NOTHING);
    assertThat(reason()).startsWith("cuBLASLt is missing");
    assertThat(tried).contains(file.toString());
  }

  @Test
  void somethingElseOfThatNameIsNoLibrary() {
    loadable.put("libcuda.so.1", NOTHING);
    loadable.put("libcublasLt.so.12", CUBLAS_LT);
    loadable.put("libcudnn.so.9", NOTHING);
    assertThat(reason()).endsWith("the library has no function cudnnGetVersion");
  }
}
