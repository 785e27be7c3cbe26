package org.t3jvm.model.sampling;

import org.t3jvm.job.Sampler;

/** The solvers by their names. */
public final class Schedulers {
  private Schedulers() {}

  /**
   * A fresh solver.
   *
   * @param denoisingStrength in (0, 1]; the unshifted time that it starts at
   * @throws IllegalArgumentException if a value is out of its range
   */
  public static Scheduler of(Sampler sampler, int steps, float shift, float denoisingStrength) {
    return switch (sampler) {
      case EULER -> new FlowMatchScheduler(steps, shift, denoisingStrength);
      case UNIPC -> new UniPcScheduler(steps, shift, denoisingStrength);
      case DPMPP -> new DpmSolverScheduler(steps, shift, denoisingStrength);
    };
  }
}
