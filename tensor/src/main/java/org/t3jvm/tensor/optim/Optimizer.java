package org.t3jvm.tensor.optim;

import java.util.Map;
import org.t3jvm.tensor.Tensor;

/** Changes weights along their gradients. */
public interface Optimizer {
  /**
   * One step of all weights, in place.
   *
   * @param weights F32, by name; the same names at every step
   * @param gradients F32, of the weights' shapes, by the same names
   * @param rate learning rate of this step
   * @throws IllegalArgumentException if a gradient is missing or has another shape, naming it
   */
  void step(Map<String, Tensor> weights, Map<String, Tensor> gradients, double rate);

  /** Steps taken. */
  long steps();

  /** What the next step depends on beside the weights, by name; the tensors change with it. */
  Map<String, Tensor> state();

  /**
   * Continues from a state.
   *
   * @param steps taken before
   * @param state as {@link #state} gave it; copied
   */
  void restore(long steps, Map<String, Tensor> state);

  /** The gradient of a weight, which must fit. */
  static Tensor gradient(Map<String, Tensor> gradients, String name, Tensor weight) {
    Tensor gradient = gradients.get(name);
    if (gradient == null) {
      throw new IllegalArgumentException("there is no gradient of '" + name + "'");
    }
    Blocks.requireAlike("weight '" + name + "'", weight, "its gradient", gradient);
    return gradient;
  }
}
