package org.t3jvm.tensor.backend;

/**
 * Bytes that a program needs beside its inputs and outputs.
 *
 * @param activations buffers for the values between ops, after reuse by liveness
 * @param scratch working memory of the kernels, all threads together
 * @param parameters parameters as they are stored; mapped files count, copies or not
 * @param streamed parameters that a device has no room for, transferred to it in every run
 */
public record MemoryPlan(long activations, long scratch, long parameters, long streamed) {
  /** A plan with all parameters where they are needed. */
  public MemoryPlan(long activations, long scratch, long parameters) {
    this(activations, scratch, parameters, 0);
  }

  /** Activations, scratch and parameters together. */
  public long total() {
    return activations + scratch + parameters;
  }
}
