package org.t3jvm.tensor.reference;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Traces a graph over tensors that are there, and runs it on the reference backend. */
final class ReferenceRun {
  /** Where the graph is traced. */
  final Tracer g = new Tracer();

  private final Map<String, Tensor> inputs = new HashMap<>();

  /** A tensor of the graph. */
  Value of(Tensor tensor) {
    String name = "x" + inputs.size();
    inputs.put(name, tensor);
    return g.input(name, tensor.dtype(), tensor.shape());
  }

  /** An F32 tensor of the given elements. */
  Value of(Shape shape, double... elements) {
    return of(tensor(DType.F32, shape, elements));
  }

  /** A vector of the given elements. */
  Value vector(double... elements) {
    return of(Shape.of(elements.length), elements);
  }

  /** Elements of a value that the graph computes. */
  Tensor run(Value value) {
    g.output("y", value);
    try (Backend backend = new ReferenceBackendProvider().open(new BackendOptions(1));
        Program program = backend.compile(g.graph(), Parameters.of(Map.of()))) {
      return Objects.requireNonNull(program.run(inputs).get("y"));
    }
  }

  static Tensor tensor(DType dtype, Shape shape, double... elements) {
    if (elements.length != shape.elements()) {
      throw new IllegalArgumentException(shape + " has not " + elements.length + " elements");
    }
    Tensor tensor = Tensor.allocate(dtype, shape);
    for (int i = 0; i < elements.length; i++) {
      tensor.setDouble(i, elements[i]);
    }
    return tensor;
  }

  /** Standard normal elements. */
  static Tensor normal(long seed, long... dims) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }
}
