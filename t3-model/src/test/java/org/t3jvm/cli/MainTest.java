package org.t3jvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"generate --prompt x", "generate --prompt x --threads 1 --quiet"})
  void aVideoByTheCpuWarmsItsKernels(String line) {
    assertThat(Main.computesOnCpu(line.split(" "))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--version",
        "plan --prompt x",
        "generate --help",
        "generate --prompt x --backend cuda",
        "generate --prompt x --backend=reference",
        "generate --prompt x --precision bf16"
      })
  void othersDoNot(String line) {
    assertThat(Main.computesOnCpu(line.split(" "))).isFalse();
  }

  @Test
  void noWordsDoNot() {
    assertThat(Main.computesOnCpu()).isFalse();
  }
}
