package org.t3jvm.model.initial;

import java.util.Arrays;
import org.t3jvm.tensor.Shape;

/** Gives the values that a tensor of an untrained model starts with. */
@FunctionalInterface
public interface InitialWeights {
  /** The values of the tensor of that name and shape, row-major. */
  float[] values(String name, Shape shape);

  /** The same value everywhere. */
  static float[] constant(Shape shape, float value) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(values, value);
    return values;
  }

  /**
   * What a layer starts with unless there is a reason for something else: norm weights 1, biases 0,
   * matrices [out, in] such that inputs of deviation 1 give outputs of deviation {@code gain}.
   */
  static float[] common(SeededValues random, String name, Shape shape, double gain) {
    if (name.endsWith(".bias")) {
      return constant(shape, 0);
    }
    if (shape.rank() == 1) {
      return constant(shape, 1);
    }
    int count = Math.toIntExact(shape.elements());
    return random.normal(name, count, gain / Math.sqrt((double) shape.inner(0)));
  }
}
