package org.t3jvm.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class JmhMainTest {
  @Test
  void suitesBecomeTheirCases() {
    assertThat(JmhMain.expand(List.of("checkpoint", "gemm/512x1536x1536-f32")))
        .containsExactly("checkpoint/open", "checkpoint/read-all", "gemm/512x1536x1536-f32");
  }

  @Test
  void unknownCasesAreNamed() {
    assertThatThrownBy(() -> JmhMain.expand(List.of("gemm/1x2x3")))
        .hasMessageContaining("gemm/1x2x3")
        .hasMessageContaining("attention");
    assertThatThrownBy(() -> JmhMain.expand(List.of("gem"))).hasMessageContaining("'gem'");
  }
}
