package org.t3jvm.model.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The Euler flow-match scheduler (SPEC 9): schedules, steps, added noise, training weights. */
final class FlowMatchChecks {
  private static final Pattern SCHEDULE =
      Pattern.compile(
          "((?:steps|train)(\\d+)\\.shift([\\d.]+?)(?:\\.strength([\\d.]+?))?)"
              + "\\.(sigmas|timesteps|samples|model_outputs|weights)");

  private static final Pattern ADD_NOISE =
      Pattern.compile("(add_noise)\\.(?:original|noise|out_at_t(\\d+))");

  private FlowMatchChecks() {}

  private record Schedule(String prefix, int steps, float shift, float strength) {
    FlowMatchScheduler scheduler() {
      return new FlowMatchScheduler(steps, shift, strength);
    }
  }

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    List<GoldenCase> cases = new ArrayList<>();
    List<Schedule> partial = new ArrayList<>();
    try (Checkpoint torch = open(fixture)) {
      for (String name : torch.entries().keySet()) {
        Matcher schedule = SCHEDULE.matcher(name);
        Matcher noise = ADD_NOISE.matcher(name);
        if (schedule.matches()) {
          String kind = schedule.group(5);
          String strength = schedule.group(4);
          Schedule each =
              new Schedule(
                  schedule.group(1),
                  Integer.parseInt(schedule.group(2)),
                  Float.parseFloat(schedule.group(3)),
                  strength == null ? 1 : Float.parseFloat(strength));
          if (strength != null && kind.equals("sigmas")) {
            partial.add(each);
          }
          if (!kind.equals("model_outputs")) {
            cases.add(new GoldenCase.OnHost(name, () -> check(fixture, each, kind)));
          }
        } else if (!noise.matches()) {
          throw new AssertionError("flow_match: no check knows what tensor '" + name + "' is");
        } else if (noise.group(2) != null) {
          int step = Integer.parseInt(noise.group(2));
          cases.add(new GoldenCase.OnHost(name, () -> checkAddNoise(fixture, name, step, partial)));
        }
      }
    }
    return cases;
  }

  private static Checkpoint open(Fixture fixture) throws IOException {
    return Checkpoints.open(fixture.path(".safetensors"));
  }

  private static void check(Fixture fixture, Schedule schedule, String kind) throws IOException {
    Tolerance tolerance = fixture.tolerance();
    String name = schedule.prefix + "." + kind;
    try (Checkpoint torch = open(fixture)) {
      Tensor expected = torch.tensor(name);
      FlowMatchScheduler scheduler = schedule.scheduler();
      switch (kind) {
        case "sigmas" ->
            Golden.within(name, sigmas(scheduler), expected, tolerance.of("sigmas_abs"));
        case "timesteps" ->
            Golden.within(name, timesteps(scheduler), expected, tolerance.of("timesteps_abs"));
        case "weights" ->
            Golden.within(name, weights(scheduler), expected, tolerance.of("train_weights_rel"));
        default ->
            checkSteps(
                name,
                scheduler,
                torch.tensor(schedule.prefix + ".model_outputs"),
                expected,
                tolerance.of("samples_abs"));
      }
    }
  }

  static Tensor sigmas(FlowMatchScheduler scheduler) {
    float[] values = new float[scheduler.steps()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scheduler.sigma(i);
    }
    return Tensor.ofFloats(Shape.of(values.length), values);
  }

  static Tensor timesteps(FlowMatchScheduler scheduler) {
    float[] values = new float[scheduler.steps()];
    for (int i = 0; i < values.length; i++) {
      values[i] = scheduler.timestep(i);
    }
    return Tensor.ofFloats(Shape.of(values.length), values);
  }

  /** Their mean is 1, which the relative tolerance is taken of. */
  private static Tensor weights(FlowMatchScheduler scheduler) {
    float[] values = scheduler.trainingWeights();
    return Tensor.ofFloats(Shape.of(values.length), values);
  }

  private static void checkSteps(
      String name,
      FlowMatchScheduler scheduler,
      Tensor velocities,
      Tensor samples,
      double tolerance) {
    Tensor latents = Golden.copy(samples.rows(0, 1));
    for (int i = 0; i < scheduler.steps(); i++) {
      scheduler.step(i, velocities.rows(i, 1), latents);
      Golden.within(name + ", step " + i, latents, samples.rows(i + 1, 1), tolerance);
    }
  }

  /** The noise level is that of a step of a schedule that starts below full strength. */
  private static void checkAddNoise(
      Fixture fixture, String name, int step, List<Schedule> schedules) throws IOException {
    double tolerance = fixture.tolerance().of("samples_abs");
    AssertionError last = new AssertionError(name + ": the file has no schedule with a strength");
    try (Checkpoint torch = open(fixture)) {
      for (Schedule schedule : schedules) {
        Tensor noised =
            schedule
                .scheduler()
                .addNoise(
                    step, torch.tensor("add_noise.original"), torch.tensor("add_noise.noise"));
        try {
          Golden.within(name, noised, torch.tensor(name), tolerance);
          return;
        } catch (AssertionError e) {
          last = e;
        }
      }
    }
    throw last;
  }
}
