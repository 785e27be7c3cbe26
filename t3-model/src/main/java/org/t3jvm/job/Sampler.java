package org.t3jvm.job;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The solvers of the denoising steps. */
public enum Sampler {
  /** T3-Video's own, with real-valued timesteps. */
  EULER("euler"),
  /** The one that Wan's code defaults to. */
  UNIPC("unipc"),
  /** Wan's other one. */
  DPMPP("dpm++"),
  /** That of models distilled to a few steps, such as FastWan: every step noises anew. */
  DMD("dmd");

  private final String label;

  Sampler(String label) {
    this.label = label;
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

  /** The name, such as {@code dpm++}. */
  @Override
  public String toString() {
    return label;
  }
}
