package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.optim.AdamW;
import org.t3jvm.tensor.optim.GradientSet;
import org.t3jvm.tensor.optim.LearningRate;
import tools.jackson.databind.JsonNode;

/** AdamW, clipping and the warm-up against torch's. */
final class AdamWChecks {
  private static final String PARAMS = ".params";

  private AdamWChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    for (String name : fixture.ioNames()) {
      if (name.endsWith(PARAMS)) {
        cases.add(new GoldenCase.OnHost(name, () -> checkSteps(fixture, name)));
      }
    }
    cases.add(new GoldenCase.OnHost("clip", () -> checkClip(fixture)));
    cases.add(new GoldenCase.OnHost("constant_lr", () -> checkRate(fixture)));
    return cases;
  }

  /** The constants of an optimiser in {@code fixtures.json}. */
  static AdamW.Settings settings(JsonNode json) {
    return new AdamW.Settings(
        json.get("betas").get(0).asDouble(),
        json.get("betas").get(1).asDouble(),
        json.get("eps").asDouble(),
        json.get("weight_decay").asDouble());
  }

  private static void checkSteps(Fixture fixture, String name) throws IOException {
    String setting = name.substring(0, name.length() - PARAMS.length());
    JsonNode json = fixture.json().get("settings").get(setting);
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor weight = Golden.copy(io.tensor("p0"));
      AdamW adam = new AdamW(settings(json), 2);
      Tensor gradients = io.tensor("grads");
      for (int step = 0; step < gradients.shape().dim(0); step++) {
        Tensor gradient = Golden.ofRank(gradients.rows(step, 1), 1);
        adam.step(Map.of("p", weight), Map.of("p", gradient), json.get("lr").asDouble());
        Golden.within(
            name + " after step " + step,
            weight,
            Golden.ofRank(io.tensor(name).rows(step, 1), 1),
            fixture.tolerance("params_abs"));
      }
    }
  }

  private static void checkClip(Fixture fixture) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Map<String, Tensor> gradients =
          Map.of(
              "a", Golden.copy(io.tensor("clip.grad_a")),
              "b", Golden.copy(io.tensor("clip.grad_b")));
      double norm = GradientSet.norm(gradients, 2);
      double tolerance = fixture.tolerance("clip_abs");
      GradientChecks.relative(
          "clip.total_norm", norm, io.tensor("clip.total_norm").getDouble(0), tolerance);
      GradientSet.clip(gradients, norm, 1, 2);
      Golden.within("clip.out_a", Golden.named(gradients, "a"), io.tensor("clip.out_a"), tolerance);
      Golden.within("clip.out_b", Golden.named(gradients, "b"), io.tensor("clip.out_b"), tolerance);
    }
  }

  /** The entry states the tolerance in words: exact to 1e-12. */
  private static void checkRate(Fixture fixture) throws IOException {
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      Tensor expected = io.tensor("constant_lr");
      LearningRate rate = LearningRate.constant(1e-4);
      for (int step = 0; step < expected.shape().elements(); step++) {
        if (!(Math.abs(rate.at(step) - expected.getDouble(step)) <= 1e-12)) {
          throw new AssertionError(
              "the rate of step %d is %s, should be %s"
                  .formatted(step, rate.at(step), expected.getDouble(step)));
        }
      }
    }
  }
}
