package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.lora.LoraLayers;
import org.t3jvm.model.train.NoisedSample;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import tools.jackson.databind.JsonNode;

/** A step of ViBe's second stage: one LoRA frozen, another trained, attention with pooled keys. */
final class VibeStepChecks {
  /** Which names the frozen and the trained adapter have in graphs and in the entry. */
  private static final List<String> ADAPTERS = List.of("lora1", "lora2");

  private VibeStepChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(new GoldenCase.OnBackend("gradients", backend -> check(set, fixture, backend)));
  }

  private static void check(FixtureSet set, Fixture fixture, Backend backend) throws IOException {
    try (Loaded weights = TrainDitChecks.weights(set, fixture);
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      DitConfig config = DitChecks.config(fixture, weights);
      Map<String, Tensor> inputs = inputs(fixture, io, config);
      Golden.within(
          "x_sigma",
          Golden.named(inputs, Dit.LATENTS),
          Golden.ofRank(io.tensor("x_sigma"), 4),
          fixture.tolerance("v_abs"));
      Graph pooled = TrainDitChecks.graph(config, pooled(fixture), weights, inputs);
      Map<String, Tensor> lora = new HashMap<>();
      Graph changed = pooled;
      List<String> trained = List.of();
      for (String adapter : ADAPTERS) {
        int rank = fixture.json().get("rank").asInt();
        LoraLayers layers = new LoraLayers(adapter, LoraLayers.ALL, rank, rank);
        trained = List.copyOf(layers.shapes(pooled).keySet());
        trained.forEach(name -> lora.put(name, io.tensor(entryName(adapter, name))));
        changed = layers.over(changed);
      }
      Parameters all =
          name -> lora.containsKey(name) ? Golden.named(lora, name) : weights.tensor(name);
      GradientChecks.Run run =
          GradientChecks.run(
              backend, Objective.SHARP_SAMPLE.over(changed, Dit.VELOCITY), trained, all, inputs);
      Golden.within(
          "v",
          run.output(Dit.VELOCITY),
          Golden.ofRank(io.tensor("v"), 4),
          fixture.tolerance("v_abs"));
      Map<String, Tensor> byEntry = new HashMap<>();
      run.gradients()
          .forEach((name, tensor) -> byEntry.put(entryName(ADAPTERS.getLast(), name), tensor));
      GradientChecks.compare(fixture, io, "", new GradientChecks.Run(run.outputs(), byEntry));
    }
  }

  /** The entry has the adapter in front. */
  private static String entryName(String adapter, String name) {
    return adapter + "." + name.replace("." + adapter + ".", ".default.");
  }

  private static Map<String, Tensor> inputs(Fixture fixture, Loaded io, DitConfig config) {
    JsonNode json = fixture.json();
    Tensor x0 = Golden.ofRank(io.tensor("x0"), 4);
    float sigma = (float) json.get("sigma").asDouble();
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put(
        Dit.LATENTS,
        NoisedSample.noised(NoisedSample.downUp(x0), Golden.ofRank(io.tensor("eps"), 4), sigma));
    inputs.put(Objective.TARGET, x0);
    inputs.put(Objective.SIGMA, Tensor.ofFloats(Shape.of(1), sigma));
    inputs.put(
        Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), (float) json.get("weight").asDouble()));
    inputs.put(
        Dit.SINUSOID,
        TimestepEmbedding.sinusoid(config.freqDim(), (float) json.get("timestep").asDouble()));
    inputs.put(DitText.CONTEXT, Golden.ofRank(io.tensor("context"), 2));
    return inputs;
  }

  /** Self-attention in inward windows and to the means of squares of keys (SPEC 21.4). */
  private static InwardWindows pooled(Fixture fixture) {
    JsonNode json = fixture.json();
    JsonNode reach = json.get("half_widths");
    int side = json.get("spatial_down_factor").asInt();
    return new InwardWindows(reach.get(0).asInt(), reach.get(1).asInt(), side, false);
  }
}
