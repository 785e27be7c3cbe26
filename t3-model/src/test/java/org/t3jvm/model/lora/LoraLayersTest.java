package org.t3jvm.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class LoraLayersTest {
  private static Graph graph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(2, 4));
    Value q = g.linear(x, g.parameter("blocks.0.attn.q.weight", DType.BF16, Shape.of(6, 4)), null);
    Value wide = g.linear(q, g.parameter("blocks.0.ffn.0.weight", DType.F32, Shape.of(8, 6)), null);
    g.output("y", g.linear(wide, g.parameter("eq.weight", DType.F32, Shape.of(3, 8)), null));
    return g.graph();
  }

  @Test
  void targetsAreNamesOrTheirEnds() {
    LoraLayers layers = new LoraLayers(LoraLayers.DEFAULT, List.of("q", "ffn.0"), 2, 4);
    assertThat(layers.shapes(graph()))
        .containsExactly(
            entry("blocks.0.attn.q.lora_A.default.weight", Shape.of(2, 4)),
            entry("blocks.0.attn.q.lora_B.default.weight", Shape.of(6, 2)),
            entry("blocks.0.ffn.0.lora_A.default.weight", Shape.of(2, 6)),
            entry("blocks.0.ffn.0.lora_B.default.weight", Shape.of(8, 2)));
    assertThat(layers.over(graph()).parameters().keySet())
        .containsAll(layers.shapes(graph()).keySet())
        .contains("eq.weight")
        .hasSize(7);
  }

  @Test
  void namesTargetsThatAreNoLayers() {
    LoraLayers layers = new LoraLayers(LoraLayers.DEFAULT, List.of("q", "to_q", "attn"), 2, 2);
    assertThatThrownBy(() -> layers.over(graph()))
        .hasMessage("LoRA: no linear layer is named to_q or attn");
  }

  @Test
  void refusesARankOfZero() {
    assertThatThrownBy(() -> new LoraLayers(LoraLayers.DEFAULT, LoraLayers.ALL, 0, 1))
        .hasMessage("LoRA: the rank must be at least 1, not 0");
  }
}
