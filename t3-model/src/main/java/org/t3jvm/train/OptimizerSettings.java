package org.t3jvm.train;

import static org.t3jvm.job.JobException.require;

/**
 * How gradients change weights: AdamW (SPEC 21.3).
 *
 * @param beta1 share of the mean that a step keeps
 * @param beta2 share of the mean square that a step keeps
 * @param eps added to the root
 * @param decay of weights, times the rate, a step
 * @param clip largest norm of all gradients of a step
 * @param average share of the averaged weights that a step keeps, which are what is written at the
 *     end; 0 to write the last ones
 */
public record OptimizerSettings(
    Double beta1, Double beta2, Double eps, Double decay, Double clip, Double average) {
  /** What T3's and ViBe's scripts use, without an average. */
  public static final OptimizerSettings USUAL =
      new OptimizerSettings(0.9, 0.999, 1e-8, 0.01, 1.0, 0.0);

  /** Fields that a JSON document leaves out have their defaults. */
  public OptimizerSettings {
    beta1 = beta1 == null ? Double.valueOf(0.9) : beta1;
    beta2 = beta2 == null ? Double.valueOf(0.999) : beta2;
    eps = eps == null ? Double.valueOf(1e-8) : eps;
    decay = decay == null ? Double.valueOf(0.01) : decay;
    clip = clip == null ? Double.valueOf(1) : clip;
    average = average == null ? Double.valueOf(0) : average;
    require(beta1 >= 0 && beta1 < 1, "optimizer.beta1", beta1, "from 0 to below 1");
    require(beta2 >= 0 && beta2 < 1, "optimizer.beta2", beta2, "from 0 to below 1");
    require(eps > 0 && Double.isFinite(eps), "optimizer.eps", eps, "a number above 0");
    require(decay >= 0 && Double.isFinite(decay), "optimizer.decay", decay, "a number from 0");
    require(clip > 0, "optimizer.clip", clip, "above 0");
    require(average >= 0 && average < 1, "optimizer.average", average, "from 0 to below 1");
  }
}
