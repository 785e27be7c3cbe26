package org.t3jvm.model.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** Seeded weights for tests: no tensor is zero or constant, and values keep a deviation near 1. */
public final class RandomWeights {
  private RandomWeights() {}

  /** A tensor for every name and shape. */
  public static Map<String, Tensor> of(ParameterShapes parameters, long seed) {
    TorchRandom random = new TorchRandom(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters.asMap().forEach((name, shape) -> tensors.put(name, tensor(random, name, shape)));
    return tensors;
  }

  private static Tensor tensor(TorchRandom random, String name, Shape shape) {
    Tensor tensor = random.randn(shape);
    boolean norm = name.endsWith("gamma") || (name.contains("norm") && !name.endsWith("bias"));
    double scale = norm || name.endsWith("bias") ? 0.2 : 1 / Math.sqrt((double) shape.inner(0));
    for (long i = 0; i < shape.elements(); i++) {
      tensor.setDouble(i, (norm ? 1 : 0) + scale * tensor.getDouble(i));
    }
    return tensor;
  }
}
