package org.t3jvm.tensor.backend;

/** What a GPU backend computes products and attention with. */
public enum KernelSource {
  /** Kernels of this project, in Java. */
  JAVA,
  /** Libraries of the GPU's maker. */
  LIBRARY
}
