package org.t3jvm.tensor.backend;

/**
 * Bytes that a program needs beside its inputs and outputs.
 *
 * @param activations buffers for the values between ops, after reuse by liveness
 * @param scratch working memory of the kernels, all threads together
 * @param parameters parameters as they are stored; mapped files count, copies or not
 */
public record MemoryPlan(long activations, long scratch, long parameters) {
  /** Activations, scratch and parameters together. */
  public long total() {
    return activations + scratch + parameters;
  }
}
