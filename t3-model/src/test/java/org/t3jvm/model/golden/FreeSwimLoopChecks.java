package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.List;
import org.t3jvm.job.Sampler;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.run.TwoPathRun;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import tools.jackson.databind.JsonNode;

/** FreeSwim's second pass: the end of UniPC's schedule, and every step on both paths (SPEC 20). */
final class FreeSwimLoopChecks {
  private FreeSwimLoopChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) {
    return List.of(
        new GoldenCase.OnHost("schedule", () -> schedule(fixture)),
        new GoldenCase.OnBackend("nocache", backend -> loop(set, fixture, "nocache", 0, backend)),
        new GoldenCase.OnBackend(
            "cached",
            backend ->
                loop(set, fixture, "cached", run(fixture).get("cache_steps").asInt(), backend)));
  }

  private static JsonNode run(Fixture fixture) {
    return fixture.json().get("run");
  }

  private static Scheduler scheduler(Fixture fixture, int steps) {
    double strength = run(fixture).get("strength").asDouble();
    return Schedulers.from(
        steps - (int) (steps * strength),
        Sampler.UNIPC,
        steps,
        (float) run(fixture).get("flow_shift").asDouble());
  }

  private static void schedule(Fixture fixture) throws IOException {
    fixture.tolerance().requireExact("timesteps");
    try (Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      int steps = run(fixture).get("num_inference_steps").asInt();
      int first = run(fixture).get("first_index").asInt();
      Scheduler scheduler = scheduler(fixture, steps);
      if (scheduler.steps() != run(fixture).get("steps").asInt()
          || scheduler.steps() != steps - first) {
        throw new AssertionError(
            "%d of %d steps run, should be %d".formatted(scheduler.steps(), steps, steps - first));
      }
      compare(fixture, scheduler, steps, "", io);
      compare(fixture, scheduler(fixture, 50), 50, "sched50.", io);
    }
  }

  /** The last levels of a whole schedule. */
  private static void compare(
      Fixture fixture, Scheduler scheduler, int steps, String prefix, Loaded io) {
    for (int i = 0; i < scheduler.steps(); i++) {
      int index = steps - scheduler.steps() + i;
      double sigma = io.tensor(prefix + "sigmas").getDouble(index);
      if (!(Math.abs(scheduler.sigma(i) - sigma) <= fixture.tolerance("sigmas_abs"))) {
        throw new AssertionError(
            "%ssigmas: level %d is %s, should be %s"
                .formatted(prefix, index, scheduler.sigma(i), sigma));
      }
      long timestep = io.tensor(prefix + "timesteps").getLong(index);
      if (scheduler.timestep(i) != timestep) {
        throw new AssertionError(
            "%stimesteps: that of level %d is %s, should be %d"
                .formatted(prefix, index, scheduler.timestep(i), timestep));
      }
    }
  }

  private static void loop(
      FixtureSet set, Fixture fixture, String variant, int cacheSteps, Backend backend)
      throws IOException {
    try (Loaded weights = TrainDitChecks.weights(set, fixture);
        Loaded io = Loaded.open(fixture.path("/io.safetensors"))) {
      DitConfig config = DitChecks.config(fixture, weights);
      TwoPathRun run =
          new TwoPathRun(
              backend,
              List.of(new DitExpert(config, weights, 0)),
              FreeSwimDitChecks.windows(fixture),
              Golden.ofRank(io.tensor("context"), 2),
              Golden.ofRank(io.tensor("negative_context"), 2),
              cacheSteps,
              config.layers() / 2);
      Scheduler scheduler = scheduler(fixture, run(fixture).get("num_inference_steps").asInt());
      Tensor start =
          scheduler.addNoise(
              0, Golden.ofRank(io.tensor("z0"), 4), Golden.ofRank(io.tensor("noise"), 4));
      Golden.within("start", start, io.tensor("start"), fixture.tolerance("start_abs"));
      float guidance = (float) run(fixture).get("guidance").asDouble();
      TwoPathRun.Result result = run.denoise(start, guidance, scheduler);
      compare(fixture, variant, result, io);
    }
  }

  private static void compare(
      Fixture fixture, String variant, TwoPathRun.Result result, Loaded io) {
    Tensor latents = io.tensor(variant + ".latents");
    int steps = result.steps().size();
    if (steps + 1 != latents.shape().dim(0)) {
      throw new AssertionError(
          "%s: %d steps ran, should be %d".formatted(variant, steps, latents.shape().dim(0) - 1));
    }
    for (int i = 0; i < steps; i++) {
      TwoPathRun.Step step = result.steps().get(i);
      String at = "%s, step %d: ".formatted(variant, i);
      Golden.within(
          at + "latents", step.latents(), latents.rows(i, 1), fixture.tolerance("latents_abs"));
      Golden.within(
          at + "v_cond",
          step.positive(),
          io.tensor(variant + ".v_cond").rows(i, 1),
          fixture.tolerance("v_abs"));
      Golden.within(
          at + "v_uncond",
          step.negative(),
          io.tensor(variant + ".v_uncond").rows(i, 1),
          fixture.tolerance("v_abs"));
    }
    Golden.within(
        variant + ", at the end",
        result.latents(),
        latents.rows(steps, 1),
        fixture.tolerance("latents_abs"));
  }
}
