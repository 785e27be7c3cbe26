package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.optim.AdamW;

/** The same step with LoRA beside the linear layers and all other weights as they are. */
final class TrainLoraChecks {
  private static final String LORA = "lora.";
  private static final String AFTER = "after_step.";
  private static final double LEARNING_RATE = 1e-4;

  private TrainLoraChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(
        new GoldenCase.OnBackend("gradients", backend -> check(set, fixture, false, backend)),
        new GoldenCase.OnBackend("B = 0", backend -> check(set, fixture, true, backend)));
  }

  private static void check(FixtureSet set, Fixture fixture, boolean zeroB, Backend backend)
      throws IOException {
    String prefix = zeroB ? "zero_b." : "";
    try (Loaded weights = TrainDitChecks.weights(set, fixture);
        Loaded io = Loaded.open(fixture.path("/io.safetensors"));
        Loaded shared = Loaded.open(set.named("train_dit").path("/io.safetensors"))) {
      DitConfig config = DitChecks.config(fixture, weights);
      int rank = fixture.json().get("rank").asInt();
      LoraLayers layers = new LoraLayers(LoraLayers.DEFAULT, LoraLayers.ALL, rank, rank);
      Map<String, Tensor> inputs = TrainDitChecks.inputs(fixture, shared, config);
      Graph base = TrainDitChecks.graph(config, fixture.windows(), weights, inputs);
      Map<String, Shape> shapes = layers.shapes(base);
      Map<String, Tensor> lora = new HashMap<>();
      shapes.forEach(
          (name, shape) -> {
            boolean zero = zeroB && name.contains(".lora_B.");
            lora.put(name, zero ? Tensor.allocate(DType.F32, shape) : io.tensor(LORA + name));
          });
      Graph graph = Objective.VELOCITY.over(layers.over(base), Dit.VELOCITY);
      Map<String, Tensor> given = new HashMap<>(inputs);
      given.putAll(lora);
      List<String> wanted = List.copyOf(shapes.keySet());
      GradientChecks.Run run = GradientChecks.run(backend, graph, wanted, weights, given);
      GradientChecks.compare(fixture, io, prefix, run);
      if (zeroB) {
        for (String name : wanted) {
          if (name.contains(".lora_A.")
              && GradientChecks.largest(Golden.named(run.gradients(), name)) != 0) {
            throw new AssertionError("the gradient of " + name + " must be 0 where B is");
          }
        }
        return;
      }
      Golden.within(
          "v",
          run.output(Dit.VELOCITY),
          Golden.ofRank(io.tensor("v"), 4),
          fixture.tolerance("v_abs"));
      Map<String, Tensor> after = new HashMap<>();
      lora.forEach((name, tensor) -> after.put(name, Golden.copy(tensor)));
      new AdamW(AdamW.Settings.USUAL, 2).step(after, run.gradients(), LEARNING_RATE);
      for (String name : io.shapes().keySet()) {
        if (name.startsWith(AFTER)) {
          GradientChecks.afterStep(
              fixture, name, Golden.named(after, name.substring(AFTER.length())), io.tensor(name));
        }
      }
    }
  }
}
