package org.t3jvm.tensor.backend;

import org.t3jvm.tensor.TensorType;

/**
 * Dtypes and shapes of named parameters: all that tracing a graph needs to know of them. {@link
 * Parameters} have elements too.
 */
@FunctionalInterface
public interface ParameterTypes {
  /**
   * The type of a name.
   *
   * @throws IllegalArgumentException if there is none, naming it
   */
  TensorType type(String name);
}
