package org.t3jvm.model.stepcache;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;

/** The model at one step, as a cache asks it: both sides of the guidance, or one without. */
public interface CachedModel {
  /** Velocities under a prompt, or what its blocks added to the tokens; negative may be null. */
  record Sides(Tensor positive, @Nullable Tensor negative) {}

  /** The projected time modulation at the step's timestep [6 * dim]. */
  float[] modulation();

  /** Fills the step's velocities by a forward pass of each side. */
  void compute();

  /** The same, which also returns what the blocks add to the tokens. */
  void compute(Sides residuals);

  /** Fills the step's velocities with what the blocks added before, without running them. */
  void reuse(Sides residuals);
}
