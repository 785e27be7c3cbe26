package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.backend.Availability.Unavailable;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;

class TornadoProviderTest {
  @TempDir Path folder;

  static Stream<Function<@Nullable String, BackendProvider>> providers() {
    return Stream.of(OpenClProvider::new, PtxProvider::new, CudaProvider::new);
  }

  @Test
  void everyKindIsRegistered() {
    assertThat(Backends.all()).extracting(BackendProvider::name).contains("opencl", "ptx", "cuda");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void withoutHomeSaysWhatToInstallAndSet(Function<@Nullable String, BackendProvider> provider) {
    for (String home : new @Nullable String[] {null, "", "  "}) {
      BackendProvider backend = provider.apply(home);
      assertThat(reason(backend))
          .startsWith("TORNADOVM_HOME is not set; install ")
          .contains("its " + backend.name() + " backend")
          .endsWith("then set TORNADOVM_HOME to its folder");
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void wrongHomeIsNamed(Function<@Nullable String, BackendProvider> provider) throws IOException {
    Path missing = folder.resolve("missing");
    Path file = Files.createFile(folder.resolve("file"));
    Path empty = Files.createDirectory(folder.resolve("empty"));

    for (Path notFolder : List.of(missing, file)) {
      assertThat(reason(provider.apply(notFolder.toString())))
          .startsWith("TORNADOVM_HOME is '%s', which is not a folder; ".formatted(notFolder));
    }
    assertThat(reason(provider.apply(empty.toString())))
        .startsWith("TORNADOVM_HOME is '%s', which has no share/java/tornado; ".formatted(empty));
    assertThat(reason(provider.apply("a\0b"))).contains("which is not a path");
  }

  @ParameterizedTest
  @MethodSource("providers")
  void sdkWithoutTheBackendIsNamed(Function<@Nullable String, BackendProvider> provider)
      throws IOException {
    Files.createDirectories(folder.resolve("share/java/tornado"));
    BackendProvider backend = provider.apply(folder.toString());
    assertThat(reason(backend))
        .isEqualTo(
            "the TornadoVM SDK in %s is built without its %s backend"
                .formatted(folder, backend.name()));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void openingFailsWithTheReason(Function<@Nullable String, BackendProvider> provider) {
    BackendProvider backend = provider.apply(null);
    assertThatThrownBy(() -> backend.open(BackendOptions.defaults()))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend '%s' is unavailable: %s"
                .formatted(backend.name(), backend.availability().description()));
  }

  /** The reason of an unavailable backend, which must be one line. */
  private static String reason(BackendProvider provider) {
    assertThat(provider.availability()).isInstanceOf(Unavailable.class);
    return assertThat(provider.availability().description()).doesNotContain("\n").actual();
  }
}
