package org.t3jvm.loaders.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules by module path, in both directions. */
class NameMappingTest {
  private static final NameMapping MAPPING =
      NameMapping.builder()
          .rule("head.head", "proj_out")
          .rule("blocks.#.attn.q", "layers.#.to_q")
          .rule("stages.#.parts.#.conv", "stage.#.block.0.inner.#")
          .rule("only", "alone")
          .build();

  @ParameterizedTest
  @CsvSource({
    "head.head.weight, proj_out.weight",
    "head.head.bias, proj_out.bias",
    "head.head, proj_out",
    "blocks.12.attn.q.scale_weight, layers.12.to_q.scale_weight",
    "stages.3.parts.40.conv.bias, stage.3.block.0.inner.40.bias",
    "only, alone"
  })
  void aRuleRenamesItsModuleAndAllBelow(String ours, String theirs) {
    assertThat(MAPPING.toTheirs(ours)).isEqualTo(theirs);
    assertThat(MAPPING.toOurs(theirs)).isEqualTo(ours);
  }

  @ParameterizedTest
  @CsvSource({
    "head.header.weight",
    "blocks.x.attn.q.weight",
    "blocks.0.attn.qq.weight",
    "blocks..attn.q",
    "blocks",
    "''"
  })
  void namesThatNoRuleKnowsStay(String name) {
    assertThat(MAPPING.toTheirs(name)).isEqualTo(name);
    assertThat(MAPPING.toOurs(name)).isEqualTo(name);
  }

  @Test
  void aRuleCannotLoseANumber() {
    assertThatThrownBy(() -> NameMapping.builder().rule("a.#.b.#", "c.#"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.#.b.# and c.#");
  }
}
