package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.lora.LoraMerge;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** ViBe's relay: what the second stage starts from, and what is left of both in the end. */
final class VibeRelayChecks {
  private static final String MODULE = "q";

  private VibeRelayChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(
        new GoldenCase.OnHost("bf16 merge", () -> checkBf16(fixture)),
        new GoldenCase.OnBackend("forward", backend -> checkForward(fixture, backend)));
  }

  private static void checkBf16(Fixture fixture) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Golden.sameBits(
          "bf16.stage2_base",
          LoraMerge.bfloat16(io.tensor("W"), io.tensor("B1"), io.tensor("A1"), 1),
          io.tensor("bf16.stage2_base"));
      Golden.sameBits(
          "bf16.inference",
          LoraMerge.bfloat16(io.tensor("W"), io.tensor("B2"), io.tensor("A2"), 1),
          io.tensor("bf16.inference"));
    }
  }

  /** The first stage's LoRA in the weight, the second's beside it; then the second's alone. */
  private static void checkForward(Fixture fixture, Backend backend) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      int rank = fixture.json().get("rank").asInt();
      Tensor base = io.tensor("f32.stage2_base");
      for (String name : List.of("f32.stage2_forward", "f32.inference_forward")) {
        boolean second = name.contains("stage2");
        Tensor actual = forward(io, second ? base : io.tensor("W"), rank, backend);
        Golden.within(name, actual, io.tensor(name), fixture.tolerance("f32_abs"));
      }
    }
  }

  private static Tensor forward(Loaded io, Tensor weight, int rank, Backend backend) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, io.tensor("x").shape());
    Value w = g.parameter(MODULE + ".weight", DType.F32, weight.shape());
    g.output("y", g.linear(x, w, null));
    LoraLayers layers = new LoraLayers(LoraLayers.DEFAULT, List.of(MODULE), rank, rank);
    Graph graph = layers.over(g.graph());
    Map<String, Tensor> parameters = new HashMap<>();
    parameters.put(MODULE + ".weight", weight);
    parameters.put(layers.down(MODULE), io.tensor("A2"));
    parameters.put(layers.up(MODULE), io.tensor("B2"));
    try (Program program = backend.compile(graph, Parameters.of(parameters))) {
      return Golden.named(program.run(Map.of("x", io.tensor("x"))), "y");
    }
  }
}
