package org.t3jvm.loaders;

import java.io.IOException;
import org.t3jvm.tensor.Tensor;

/** Gives the elements of a named tensor when a writer comes to it; a {@link Checkpoint} is one. */
@FunctionalInterface
public interface TensorSource {
  /**
   * The tensor of that name.
   *
   * @throws IOException if it cannot be had
   */
  Tensor tensor(String name) throws IOException;
}
