package org.t3jvm.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorWidth;

class CpuBackendProviderTest {
  @Test
  void isUsableHereAndSaysWithWhat() {
    Availability availability = new CpuBackendProvider().availability();
    assertThat(availability).isInstanceOf(Availability.Usable.class);
    assertThat(availability.description())
        .contains(Lanes.F.vectorBitSize() + "-bit vectors")
        .contains("thread");
    try (Backend backend = new CpuBackendProvider().open(new BackendOptions(1))) {
      assertThat(backend.name()).isEqualTo("cpu");
    }
  }

  @Test
  void withoutTheVectorModuleItNamesTheFlag() throws Exception {
    assertThat(describeInAnotherJvm())
        .containsExactly(
            "Unavailable",
            "module jdk.incubator.vector is not resolved;"
                + " start Java with --add-modules=jdk.incubator.vector",
            "backend 'cpu' is unavailable: module jdk.incubator.vector is not resolved;"
                + " start Java with --add-modules=jdk.incubator.vector");
  }

  @Test
  void aWrongVectorWidthIsNamed() throws Exception {
    assertThat(describeInAnotherJvm("--add-modules=jdk.incubator.vector", "-Dt3.vector.bits=100"))
        .contains("system property t3.vector.bits is '100', it must be 128, 256 or 512");
    assertThatThrownBy(() -> VectorWidth.parse("64")).isInstanceOf(BackendException.class);
    assertThat(VectorWidth.parse(null)).isZero();
  }

  private static List<String> describeInAnotherJvm(String... flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Describe.class.getName()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }

  /** Prints the state of the provider and what opening it throws. */
  static final class Describe {
    private Describe() {}

    public static void main(String[] args) {
      CpuBackendProvider provider = new CpuBackendProvider();
      Availability availability = provider.availability();
      System.out.println(availability.getClass().getSimpleName());
      System.out.println(availability.description());
      try {
        provider.open(BackendOptions.defaults()).close();
      } catch (BackendException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
