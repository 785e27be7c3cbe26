package org.t3jvm.model.nn;

import java.util.Map;
import org.t3jvm.tensor.Shape;

/** The shapes of a checkpoint's tensors, asked for by name while a configuration is inferred. */
public final class Shapes {
  private final String model;
  private final Map<String, Shape> shapes;

  /**
   * @param model what is looked for, such as "DiT", for messages
   * @param shapes the checkpoint's tensors
   */
  public Shapes(String model, Map<String, Shape> shapes) {
    this.model = model;
    this.shapes = Map.copyOf(shapes);
  }

  /** True if there is a tensor of this name. */
  public boolean has(String name) {
    return shapes.containsKey(name);
  }

  /** True if a tensor's name starts with {@code prefix}. */
  public boolean hasPrefix(String prefix) {
    return shapes.keySet().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /**
   * The extent of one axis of a tensor.
   *
   * @throws UnsupportedModelException if there is no such tensor or it has another rank
   */
  public int dim(String name, int axis, int rank) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new UnsupportedModelException(
          "no %s: tensor '%s' is missing among %d tensors".formatted(model, name, shapes.size()));
    }
    if (shape.rank() != rank) {
      throw new UnsupportedModelException(
          "no %s: tensor '%s' is %s, not of rank %d".formatted(model, name, shape, rank));
    }
    return shape.intDim(axis);
  }

  /** How many consecutive integers n from 0 on have a tensor named {@code prefix + n + "."...}. */
  public int count(String prefix) {
    int n = 0;
    while (hasPrefix(prefix + n + ".")) {
      n++;
    }
    return n;
  }
}
