package org.t3jvm.bench.fullsize;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/**
 * A DiT in memory with random F32 weights, uniform ones, scaled so that values keep their size from
 * layer to layer.
 */
record SyntheticDit(DitConfig config, Arena arena) {
  Parameters parameters() {
    Map<String, Tensor> tensors = new HashMap<>();
    config
        .parameterShapes()
        .asMap()
        .forEach((name, shape) -> tensors.put(name, tensor(name, shape)));
    return Parameters.of(tensors);
  }

  private Tensor tensor(String name, Shape shape) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    boolean norm = name.endsWith("norm_q.weight") || name.endsWith("norm_k.weight");
    double deviation = shape.rank() < 2 ? 0.1 : 1 / Math.sqrt((double) shape.inner(0));
    double width = deviation * Math.sqrt(12);
    Tensor tensor = Tensor.allocate(arena, DType.F32, shape);
    for (long i = 0; i < shape.elements(); i++) {
      double value = (norm ? 1 : 0) + width * (random.nextDouble() - 0.5);
      tensor.segment().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) value);
    }
    return tensor;
  }
}
