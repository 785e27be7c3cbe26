package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.accel.DeviceFinder.Found;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.BackendProvider;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.DeviceRuntime;

class TornadoFinderTest {
  @TempDir Path folder;

  @Test
  void everyKindIsRegistered() {
    assertThat(Backends.all()).extracting(BackendProvider::name).contains("opencl", "ptx", "cuda");
  }

  @ParameterizedTest
  @EnumSource
  void withoutHomeSaysWhatToInstallAndSet(Driver driver) {
    for (String home : new @Nullable String[] {null, "", "  "}) {
      assertThat(reason(driver, home))
          .startsWith("TORNADOVM_HOME is not set; install ")
          .contains("its " + driver.id() + " backend")
          .endsWith("then set TORNADOVM_HOME to its folder");
    }
  }

  @ParameterizedTest
  @EnumSource
  void wrongHomeIsNamed(Driver driver) throws IOException {
    Path missing = folder.resolve("missing");
    Path file = Files.createFile(folder.resolve("file"));
    Path empty = Files.createDirectory(folder.resolve("empty"));

    for (Path notFolder : List.of(missing, file)) {
      assertThat(reason(driver, notFolder.toString()))
          .startsWith("TORNADOVM_HOME is '%s', which is not a folder; ".formatted(notFolder));
    }
    assertThat(reason(driver, empty.toString()))
        .startsWith("TORNADOVM_HOME is '%s', which has no share/java/tornado; ".formatted(empty));
    assertThat(reason(driver, "a\0b")).contains("which is not a path");
  }

  @ParameterizedTest
  @EnumSource
  void sdkWithoutTheBackendIsNamed(Driver driver) throws IOException {
    Files.createDirectories(folder.resolve("share/java/tornado"));
    assertThat(reason(driver, folder.toString()))
        .isEqualTo(
            "the TornadoVM SDK in %s is built without its %s backend"
                .formatted(folder, driver.id()));
  }

  @Test
  void openingFailsWithTheReason() {
    BackendProvider backend = new PtxProvider(null);
    assertThatThrownBy(() -> backend.open(BackendOptions.defaults()))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend 'ptx' is unavailable: %s".formatted(backend.availability().description()));
  }

  @Test
  void aRuntimeThatABackendDoesNotHaveIsRefused() {
    BackendOptions byDriver = BackendOptions.defaults().with(DeviceRuntime.DRIVER);
    assertThatThrownBy(() -> new PtxProvider(null).open(byDriver))
        .isInstanceOf(BackendException.class)
        .hasMessage("backend 'ptx' is unavailable: it runs by runtime tornado only, not by driver");
  }

  /** The reason why nothing is found, which must be one line. */
  private static String reason(Driver driver, @Nullable String home) {
    Found found = new TornadoFinder(driver, home).find();
    assertThat(found).isInstanceOf(Found.None.class);
    return assertThat(((Found.None) found).reason()).doesNotContain("\n").actual();
  }
}
