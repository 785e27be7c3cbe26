package org.t3jvm.tensor.backend;

import java.util.Map;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.TensorType;

/** Named tensors that a graph's parameters are bound to, such as the tensors of a checkpoint. */
@SuppressWarnings("FunctionalInterfaceMethodChanged")
@FunctionalInterface
public interface Parameters extends ParameterTypes {
  /**
   * The tensor of a name.
   *
   * @throws IllegalArgumentException if there is none, naming it
   */
  Tensor tensor(String name);

  @Override
  default TensorType type(String name) {
    Tensor tensor = tensor(name);
    return new TensorType(tensor.dtype(), tensor.shape());
  }

  /** Parameters from a map. */
  static Parameters of(Map<String, Tensor> tensors) {
    Map<String, Tensor> copy = Map.copyOf(tensors);
    return name -> {
      Tensor tensor = copy.get(name);
      if (tensor == null) {
        throw new IllegalArgumentException(
            "parameter '%s' is not among the %d given".formatted(name, copy.size()));
      }
      return tensor;
    };
  }
}
