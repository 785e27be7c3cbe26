package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.train.NoisedSample;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import tools.jackson.databind.JsonNode;

/** ViBe's two losses for a given velocity, the blur of its second stage, and its schedule. */
final class VibeLossChecks {
  private static final int TRAINING_STEPS = 1000;
  private static final float SHIFT = 5;

  private VibeLossChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode each : fixture.json().get("cases")) {
      cases.add(
          new GoldenCase.OnBackend(
              each.get("case").asString(), backend -> check(fixture, each, backend)));
    }
    cases.add(new GoldenCase.OnHost("odd sizes", () -> checkBlur(fixture, "odd.")));
    cases.add(new GoldenCase.OnHost("schedule", () -> checkSchedule(fixture)));
    return cases;
  }

  private static void check(Fixture fixture, JsonNode json, Backend backend) throws IOException {
    String prefix = json.get("case").asString() + ".";
    checkBlur(fixture, prefix);
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      FlowMatchScheduler scheduler = new FlowMatchScheduler(TRAINING_STEPS, SHIFT);
      int index = json.get("timestep_index").asInt();
      float sigma = scheduler.sigma(index);
      Tensor x0 = io.tensor(prefix + "x0");
      Tensor eps = io.tensor(prefix + "eps");
      Map<String, Tensor> inputs = new HashMap<>();
      inputs.put(Dit.VELOCITY, io.tensor(prefix + "v"));
      inputs.put(
          Objective.WEIGHT, Tensor.ofFloats(Shape.of(1), scheduler.trainingWeights()[index]));
      Tensor noised = NoisedSample.noised(x0, eps, sigma);
      double blur = fixture.tolerance("down_up_abs");
      Golden.within(prefix + "stage1_x_sigma", noised, io.tensor(prefix + "stage1_x_sigma"), blur);
      inputs.put(Dit.LATENTS, noised);
      inputs.put(Objective.TARGET, NoisedSample.velocity(x0, eps));
      compare(fixture, io, prefix + "stage1_", Objective.VELOCITY, inputs, backend);
      Tensor blurred = NoisedSample.noised(NoisedSample.downUp(x0), eps, sigma);
      Golden.within(prefix + "x_sigma", blurred, io.tensor(prefix + "x_sigma"), blur);
      inputs.put(Dit.LATENTS, blurred);
      inputs.put(Objective.TARGET, x0);
      inputs.put(Objective.SIGMA, Tensor.ofFloats(Shape.of(1), sigma));
      compare(fixture, io, prefix + "hfato_", Objective.SHARP_SAMPLE, inputs, backend);
    }
  }

  private static void compare(
      Fixture fixture,
      Loaded io,
      String prefix,
      Objective objective,
      Map<String, Tensor> inputs,
      Backend backend) {
    Shape shape = Golden.named(inputs, Dit.VELOCITY).shape();
    Tracer g = new Tracer();
    g.input(Dit.LATENTS, DType.F32, shape);
    g.output("v", g.input(Dit.VELOCITY, DType.F32, shape));
    Graph graph = objective.over(g.graph(), "v");
    Map<String, Tensor> given = new HashMap<>(inputs);
    given.keySet().retainAll(graph.inputs().keySet());
    GradientChecks.Run run =
        GradientChecks.run(backend, graph, List.of(Dit.VELOCITY), Parameters.of(Map.of()), given);
    GradientChecks.relative(
        prefix + "loss",
        run.output(Objective.LOSS).getDouble(0),
        io.tensor(prefix + "loss").getDouble(0),
        fixture.tolerance("loss_rel"));
    Tensor expected = io.tensor(prefix + "grad_v");
    Golden.within(
        prefix + "grad_v",
        Golden.named(run.gradients(), Dit.VELOCITY),
        expected,
        fixture.tolerance("grad_rel_to_max") * GradientChecks.largest(expected));
  }

  private static void checkBlur(Fixture fixture, String prefix) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Golden.within(
          prefix + "down_up",
          NoisedSample.downUp(io.tensor(prefix + "x0")),
          io.tensor(prefix + "down_up"),
          fixture.tolerance("down_up_abs"));
    }
  }

  private static void checkSchedule(Fixture fixture) throws IOException {
    FlowMatchScheduler scheduler = new FlowMatchScheduler(TRAINING_STEPS, SHIFT);
    float[] sigmas = new float[TRAINING_STEPS];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = scheduler.sigma(i);
    }
    Shape shape = Shape.of(TRAINING_STEPS);
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Golden.within(
          "train.sigmas",
          Tensor.ofFloats(shape, sigmas),
          io.tensor("train.sigmas"),
          fixture.tolerance("sigmas_abs"));
      Golden.within(
          "train.weights",
          Tensor.ofFloats(shape, scheduler.trainingWeights()),
          io.tensor("train.weights"),
          fixture.tolerance("weights_abs"));
    }
  }
}
