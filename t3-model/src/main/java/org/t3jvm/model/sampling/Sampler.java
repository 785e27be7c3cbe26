package org.t3jvm.model.sampling;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The solvers to choose from, under the names that the command line has for them. */
public enum Sampler {
  /** T3-Video's own, with real-valued timesteps. */
  EULER("euler", FlowMatchScheduler::new),
  /** The one that Wan's code defaults to. */
  UNIPC("unipc", UniPcScheduler::new),
  /** Wan's other one. */
  DPMPP("dpm++", DpmSolverScheduler::new);

  private interface Maker {
    Scheduler make(int steps, float shift, float denoisingStrength);
  }

  private final String label;
  private final Maker maker;

  Sampler(String label, Maker maker) {
    this.label = label;
    this.maker = maker;
  }

  /**
   * The solver of a name.
   *
   * @throws IllegalArgumentException if there is none, listing those that there are
   */
  public static Sampler named(String label) {
    return Arrays.stream(values())
        .filter(each -> each.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "sampler '%s' is unknown, must be one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Sampler::toString)
                                .collect(Collectors.joining(", ")))));
  }

  /**
   * A fresh solver.
   *
   * @param denoisingStrength in (0, 1]; the unshifted time that it starts at
   * @throws IllegalArgumentException if a value is out of its range
   */
  public Scheduler scheduler(int steps, float shift, float denoisingStrength) {
    return maker.make(steps, shift, denoisingStrength);
  }

  /** The name, such as {@code dpm++}. */
  @Override
  public String toString() {
    return label;
  }
}
