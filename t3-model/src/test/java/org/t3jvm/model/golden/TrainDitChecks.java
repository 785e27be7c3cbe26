package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.train.NoisedSample;
import org.t3jvm.model.train.Objective;
import org.t3jvm.model.train.TrainedDit;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.optim.AdamW;
import tools.jackson.databind.JsonNode;

/** One training step of all of the DiT's weights, under T3 windows and under full attention. */
final class TrainDitChecks {
  private static final List<String> MODES = List.of("t3", "full");

  private TrainDitChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return MODES.stream()
        .<GoldenCase>map(
            mode -> new GoldenCase.OnBackend(mode, backend -> check(set, fixture, mode, backend)))
        .toList();
  }

  /** The weights that an entry names. */
  static Loaded weights(FixtureSet set, Fixture fixture) throws IOException {
    return Loaded.open(set.folder().resolve(fixture.json().get("weights").asString()));
  }

  /** The inputs of a step: noised latents, velocity, timestep and context of an entry's tensors. */
  static Map<String, Tensor> inputs(Fixture fixture, Loaded io, DitConfig config) {
    Tensor x0 = Golden.ofRank(io.tensor("x0"), 4);
    Tensor noise = Golden.ofRank(io.tensor("noise"), 4);
    float sigma = (float) fixture.json().get("sigma").asDouble();
    float timestep = (float) fixture.json().get("timestep").asDouble();
    Map<String, Tensor> inputs = new HashMap<>();
    inputs.put(Dit.LATENTS, NoisedSample.noised(x0, noise, sigma));
    inputs.put(Objective.TARGET, NoisedSample.velocity(x0, noise));
    inputs.put(Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), 1));
    inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(config.freqDim(), timestep));
    inputs.put(DitText.CONTEXT, Golden.ofRank(io.tensor("context"), 2));
    return inputs;
  }

  /** The graph of the velocity for an entry's inputs. */
  static Graph graph(
      DitConfig config, SelfAttentionPlan plan, Loaded weights, Map<String, Tensor> inputs) {
    Shape latents = Golden.named(inputs, Dit.LATENTS).shape();
    TokenGrid grid = config.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
    int rows = Golden.named(inputs, DitText.CONTEXT).shape().intDim(0);
    return TrainedDit.graph(
        config, plan, weights, new Dit.Job(grid, rows, false, false), Optional.empty());
  }

  private static void check(FixtureSet set, Fixture fixture, String mode, Backend backend)
      throws IOException {
    String prefix = mode + ".";
    try (Loaded weights = weights(set, fixture);
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      DitConfig config = DitChecks.config(fixture, weights);
      Map<String, Tensor> inputs = inputs(fixture, io, config);
      Golden.within(
          "x_t",
          Golden.named(inputs, Dit.LATENTS),
          Golden.ofRank(io.tensor("x_t"), 4),
          fixture.tolerance("v_abs"));
      SelfAttentionPlan plan = mode.equals("full") ? SelfAttentionPlan.full() : fixture.windows();
      Graph forward = graph(config, plan, weights, inputs);
      List<String> wanted = List.copyOf(forward.parameters().keySet());
      Graph graph = Objective.VELOCITY.over(forward, Dit.VELOCITY);
      GradientChecks.Run run = GradientChecks.run(backend, graph, wanted, weights, inputs);
      Golden.within(
          prefix + "v",
          run.output(Dit.VELOCITY),
          Golden.ofRank(io.tensor(prefix + "v"), 4),
          fixture.tolerance("v_abs"));
      GradientChecks.compare(fixture, io, prefix, run);
      requireAllNorms(io, prefix, wanted);
      GradientChecks.relative(
          prefix + "total_grad_norm",
          GradientChecks.norm(run.gradients().values()),
          io.tensor(prefix + "total_grad_norm").getDouble(0),
          fixture.tolerance("grad_norm_rel"));
      Map<String, Tensor> after = new HashMap<>();
      wanted.forEach(name -> after.put(name, Golden.copy(weights.tensor(name))));
      JsonNode optimizer = fixture.json().get("optimizer");
      new AdamW(AdamWChecks.settings(optimizer), 2)
          .step(after, run.gradients(), optimizer.get("lr").asDouble());
      for (String name : io.shapes().keySet()) {
        String start = prefix + "after_step.";
        if (name.startsWith(start)) {
          GradientChecks.afterStep(
              fixture, name, Golden.named(after, name.substring(start.length())), io.tensor(name));
        }
      }
    }
  }

  private static void requireAllNorms(Loaded io, String prefix, List<String> wanted) {
    List<String> missing = new ArrayList<>(wanted);
    missing.removeIf(name -> io.has(prefix + "grad_norm." + name));
    if (!missing.isEmpty()) {
      throw new AssertionError("the entry has no norms of " + missing);
    }
  }
}
