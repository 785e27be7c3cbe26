package org.t3jvm.model.stepcache;

import java.util.Arrays;
import java.util.Map;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Tensors that a cache's state is kept as. */
final class CacheTensors {
  private CacheTensors() {}

  /** I64 [n]: the bits of float64 numbers. */
  static Tensor of(double... values) {
    return Tensor.ofLongs(
        Shape.of(values.length),
        Arrays.stream(values).mapToLong(Double::doubleToRawLongBits).toArray());
  }

  /** The numbers that {@link #of} keeps. */
  static double[] doubles(Map<String, Tensor> state, String name) {
    return Arrays.stream(get(state, name).toLongs())
        .mapToDouble(Double::longBitsToDouble)
        .toArray();
  }

  /** A tensor of a state, as a copy. */
  static Tensor copy(Map<String, Tensor> state, String name) {
    return copy(get(state, name));
  }

  /** A copy of a tensor. */
  static Tensor copy(Tensor tensor) {
    Tensor copy = Tensor.allocate(tensor.dtype(), tensor.shape());
    copy.copyFrom(tensor);
    return copy;
  }

  /** A tensor of a state. */
  static Tensor get(Map<String, Tensor> state, String name) {
    Tensor tensor = state.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "the state of a step cache lacks '%s', it has %s".formatted(name, state.keySet()));
    }
    return tensor;
  }
}
