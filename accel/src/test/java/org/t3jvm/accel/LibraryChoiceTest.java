package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.accel.device.DeviceInfo;
import org.t3jvm.accel.nvidia.NvidiaLibraries;
import org.t3jvm.accel.sdk.Driver;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.KernelSource;

class LibraryChoiceTest {
  private static final NvidiaLibraries.Found FOUND =
      new NvidiaLibraries.Found(
          name -> Optional.empty(),
          name -> Optional.empty(),
          name -> Optional.empty(),
          "all of 1.0");
  private static final NvidiaLibraries MISSING = new NvidiaLibraries.Missing("x is missing");
  private static final Optional<KernelSource> BY_ITSELF = Optional.empty();
  private static final Optional<KernelSource> LIBRARY = Optional.of(KernelSource.LIBRARY);

  private static DeviceInfo gpu(boolean bf16) {
    return new DeviceInfo("a GPU", "a driver", 1, 1, 1 << 16, 1024, true, true, bf16, true);
  }

  @Test
  void librariesAreUsedWhereTheyAre() {
    assertThat(LibraryChoice.choose("cuda", gpu(true), FOUND, BY_ITSELF)).contains(FOUND);
    assertThat(LibraryChoice.choose("cuda", gpu(true), FOUND, LIBRARY)).contains(FOUND);
    assertThat(LibraryChoice.choose("cuda", gpu(true), MISSING, BY_ITSELF)).isEmpty();
    assertThat(LibraryChoice.choose("cuda", gpu(false), FOUND, BY_ITSELF)).isEmpty();
  }

  @Test
  void kernelsInJavaCanBeAskedFor() {
    assertThat(LibraryChoice.choose("cuda", gpu(true), FOUND, Optional.of(KernelSource.JAVA)))
        .isEmpty();
  }

  @Test
  void librariesThatCannotBeUsedFailWhenAskedFor() {
    assertThatThrownBy(() -> LibraryChoice.choose("cuda", gpu(true), MISSING, LIBRARY))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend 'cuda' cannot use NVIDIA's libraries: x is missing; --kernels java needs"
                + " none");
    assertThatThrownBy(() -> LibraryChoice.choose("cuda", gpu(false), FOUND, LIBRARY))
        .hasMessageContaining("a GPU has no tensor cores for BF16");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPENCL", "PTX"})
  void otherDriversHaveNone(Driver driver) {
    assertThatThrownBy(
            () -> LibraryChoice.choose(driver.id(), gpu(true), LibraryChoice.of(driver), LIBRARY))
        .hasMessage(
            "backend '%s' cannot use NVIDIA's libraries: they are for backend 'cuda' only;"
                    .formatted(driver.id())
                + " --kernels java needs none");
  }

  @Test
  void devicesSayWhatTheyUse() {
    assertThat(LibraryChoice.line(gpu(true), FOUND)).isEqualTo("libraries: all of 1.0");
    assertThat(LibraryChoice.line(gpu(true), MISSING))
        .isEqualTo("no libraries, kernels in Java: x is missing");
  }
}
