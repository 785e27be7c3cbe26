package org.t3jvm.model.sampling;

import org.t3jvm.job.Sampler;

/** The solvers by their names. */
public final class Schedulers {
  private Schedulers() {}

  /**
   * A fresh solver.
   *
   * @param denoisingStrength in (0, 1]; the unshifted time that it starts at
   * @param seed of the noise that the latents start from, for solvers that draw more
   * @throws IllegalArgumentException if a value is out of its range
   */
  public static Scheduler of(
      Sampler sampler, int steps, float shift, float denoisingStrength, long seed) {
    return switch (sampler) {
      case EULER -> new FlowMatchScheduler(steps, shift, denoisingStrength);
      case UNIPC -> new UniPcScheduler(steps, shift, denoisingStrength);
      case DPMPP -> new DpmSolverScheduler(steps, shift, denoisingStrength);
      case DMD -> new DmdScheduler(steps, shift, denoisingStrength, seed);
    };
  }

  /**
   * A fresh solver of the last steps of a whole schedule, as FreeSwim begins its second pass (SPEC
   * 20.1): no steps lie behind the first of them.
   *
   * @param steps of the whole schedule
   * @param first step, from 0, that is done
   * @throws IllegalArgumentException if a value is out of its range
   */
  public static Scheduler from(int first, Sampler sampler, int steps, float shift) {
    if (first < 0 || first >= steps) {
      throw new IllegalArgumentException(
          "the first step is %d, must be one of %d".formatted(first, steps));
    }
    return switch (sampler) {
      case EULER -> FlowMatchScheduler.from(first, steps, shift);
      case UNIPC -> UniPcScheduler.from(first, steps, shift);
      case DPMPP -> DpmSolverScheduler.from(first, steps, shift);
      case DMD ->
          throw new IllegalArgumentException(
              "sampler 'dmd' does whole schedules only, must be euler, unipc or dpm++");
    };
  }
}
