package org.t3jvm.model.dit;

import org.t3jvm.tensor.backend.Parameters;

/**
 * A DiT and the timesteps that it is asked at. Most models have one; Wan2.2-A14B has one for high
 * noise and one for low (SPEC 18).
 *
 * @param lowestTimestep it is asked at this timestep and above, below which the next expert is
 */
public record DitExpert(DitConfig config, Parameters parameters, float lowestTimestep) {
  /** Where Wan2.2-A14B goes from the high-noise DiT to the low-noise one. */
  public static final float A14B_BOUNDARY = 0.875f * 1000;
}
