package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.job.Sampler;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Wan's own solvers (SPEC 10): schedules, and every step replayed, whole and after a break. */
final class SolverChecks {
  private static final Pattern SCHEDULE =
      Pattern.compile("(steps(\\d+)\\.shift([\\d.]+?))\\.(sigmas|timesteps|samples|model_outputs)");

  private static final Map<String, Sampler> SAMPLERS =
      Map.of("unipc", Sampler.UNIPC, "dpmpp", Sampler.DPMPP);

  private SolverChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    try (Checkpoint torch = Checkpoints.open(fixture.path(".safetensors"))) {
      for (String name : torch.entries().keySet()) {
        Matcher schedule = SCHEDULE.matcher(name);
        if (!schedule.matches()) {
          throw new AssertionError(
              "%s: no check knows what tensor '%s' is".formatted(fixture.name(), name));
        }
        int steps = Integer.parseInt(schedule.group(2));
        float shift = Float.parseFloat(schedule.group(3));
        String outputs = schedule.group(1) + ".model_outputs";
        String kind = schedule.group(4);
        if (!kind.equals("model_outputs")) {
          cases.add(
              new GoldenCase.OnHost(name, () -> check(fixture, name, kind, outputs, steps, shift)));
        }
      }
    }
    return cases;
  }

  private static void check(
      Fixture fixture, String name, String kind, String outputs, int steps, float shift)
      throws IOException {
    Tolerance tolerance = fixture.tolerance();
    try (Checkpoint torch = Checkpoints.open(fixture.path(".safetensors"))) {
      Tensor expected = torch.tensor(name);
      switch (kind) {
        case "sigmas" ->
            Golden.within(
                name, sigmas(fresh(fixture, steps, shift)), expected, tolerance.of("sigmas_abs"));
        case "timesteps" ->
            Golden.within(
                name, timesteps(fresh(fixture, steps, shift)), expected, tolerance.of("timesteps"));
        default -> replay(name, fixture, steps, shift, torch.tensor(outputs), expected, tolerance);
      }
    }
  }

  private static Scheduler fresh(Fixture fixture, int steps, float shift) {
    Sampler sampler = SAMPLERS.get(fixture.name());
    if (sampler == null) {
      throw new AssertionError("no solver is called '" + fixture.name() + "'");
    }
    return Schedulers.of(sampler, steps, shift, 1, 0);
  }

  /** The levels before every step, and 0 after the last. */
  private static Tensor sigmas(Scheduler scheduler) {
    Tensor values = Tensor.allocate(DType.F32, Shape.of(scheduler.steps() + 1));
    for (int i = 0; i < scheduler.steps(); i++) {
      values.setDouble(i, scheduler.sigma(i));
    }
    return values;
  }

  private static Tensor timesteps(Scheduler scheduler) {
    Tensor values = Tensor.allocate(DType.F32, Shape.of(scheduler.steps()));
    for (int i = 0; i < scheduler.steps(); i++) {
      values.setDouble(i, scheduler.timestep(i));
    }
    return values;
  }

  /** All steps by one instance; and each step by an instance that was given the state before it. */
  private static void replay(
      String name,
      Fixture fixture,
      int steps,
      float shift,
      Tensor velocities,
      Tensor samples,
      Tolerance tolerance) {
    Scheduler whole = fresh(fixture, steps, shift);
    Tensor latents = Golden.copy(samples.rows(0, 1));
    for (int i = 0; i < steps; i++) {
      Tensor resumed = Golden.copy(latents);
      Scheduler other = fresh(fixture, steps, shift);
      other.restore(i, copies(whole.state()));
      whole.step(i, velocities.rows(i, 1), latents);
      other.step(i, velocities.rows(i, 1), resumed);
      String what = name + ", step " + i;
      Golden.within(what, latents, samples.rows(i + 1, 1), tolerance.of("samples_abs"));
      Golden.sameBits(what + ", by a restored solver", resumed, latents);
    }
  }

  private static Map<String, Tensor> copies(Map<String, Tensor> state) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    state.forEach((key, tensor) -> copies.put(key, Golden.copy(tensor)));
    return copies;
  }
}
