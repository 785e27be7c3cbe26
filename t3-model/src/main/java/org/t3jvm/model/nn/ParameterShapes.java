package org.t3jvm.model.nn;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.t3jvm.tensor.Shape;

/** The names and shapes of all tensors that a model of some configuration consists of. */
public final class ParameterShapes {
  private final SequencedMap<String, Shape> shapes = new LinkedHashMap<>();

  /** Adds one tensor. */
  public ParameterShapes add(String name, long... dims) {
    shapes.put(name, Shape.of(dims));
    return this;
  }

  /** Adds {@code name.weight} [out, in] and {@code name.bias} [out]. */
  public ParameterShapes linear(String name, long out, long in) {
    return add(name + ".weight", out, in).add(name + ".bias", out);
  }

  /** Adds {@code name.weight} of the given shape and {@code name.bias} [dims[0]]. */
  public ParameterShapes conv(String name, long... dims) {
    return add(name + ".weight", dims).add(name + ".bias", dims[0]);
  }

  /** Every name with its shape, in the order added. */
  public Map<String, Shape> asMap() {
    return Collections.unmodifiableSequencedMap(shapes);
  }
}
