package org.t3jvm.model.sampling;

import static org.t3jvm.model.sampling.History.F32;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.t3jvm.tensor.Tensor;

/**
 * DPM-Solver++ as Wan's own code runs it (SPEC 10): the multistep midpoint rule of order 2 on the
 * clean sample, of order 1 in the first and the last step. Timesteps are integers.
 */
public final class DpmSolverScheduler implements Scheduler {
  /** The clean sample as the last step saw it. */
  private static final String CLEAN = "clean";

  private final Schedule schedule;
  private final History history;

  /**
   * A schedule that starts at the unshifted time {@code denoisingStrength}.
   *
   * @param steps at least 1
   * @param shift above 0; Wan uses 5
   * @param denoisingStrength in (0, 1]
   * @throws IllegalArgumentException if a value is out of its range
   */
  public DpmSolverScheduler(int steps, float shift, float denoisingStrength) {
    this(schedule(steps, shift, denoisingStrength));
  }

  private DpmSolverScheduler(Schedule schedule) {
    this.schedule = schedule;
    this.history = new History(schedule.steps(), Map.of(CLEAN, 1));
  }

  private static Schedule schedule(int steps, float shift, float denoisingStrength) {
    Schedule.require(steps, shift, denoisingStrength);
    return new Schedule(steps, shift, denoisingStrength);
  }

  /** The last steps of the whole schedule, from step {@code first} on, without a history. */
  static DpmSolverScheduler from(int first, int steps, float shift) {
    return new DpmSolverScheduler(schedule(steps, shift, 1).from(first));
  }

  @Override
  public int steps() {
    return schedule.steps();
  }

  @Override
  public float sigma(int step) {
    return schedule.sigma(step);
  }

  @Override
  public float timestep(int step) {
    return schedule.timestep(step);
  }

  @Override
  public void step(int step, Tensor velocity, Tensor latents) {
    history.require(step, velocity, latents);
    MemorySegment clean = history.tensor(CLEAN, latents.shape()).segment();
    MemorySegment v = velocity.segment();
    MemorySegment x = latents.segment();
    float sigma = schedule.sigma(step);
    double h = schedule.lambda(step + 1) - schedule.lambda(step);
    double scale = -schedule.alpha(step + 1) * Math.expm1(-h);
    double ratio = (double) schedule.sigma(step + 1) / sigma;
    double slope = scale * slope(step, h);
    for (long at = 0; at < x.byteSize(); at += Float.BYTES) {
      double sample = x.get(F32, at);
      double now = sample - sigma * (double) v.get(F32, at);
      double next = ratio * sample + (scale + slope) * now - slope * clean.get(F32, at);
      x.set(F32, at, (float) next);
      clean.set(F32, at, (float) now);
    }
    history.advance();
  }

  /** Half of 1/r0, what the difference to the clean sample before counts; 0 in order 1. */
  private double slope(int step, double h) {
    if (step == 0 || step == schedule.steps() - 1) {
      return 0;
    }
    // From pure noise the step before is infinitely long, which leaves no weight here.
    return 0.5 * h / (schedule.lambda(step) - schedule.lambda(step - 1));
  }

  @Override
  public Map<String, Tensor> state() {
    return history.state();
  }

  @Override
  public void restore(int step, Map<String, Tensor> state) {
    history.restore(step, state);
  }
}
