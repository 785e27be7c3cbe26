package org.t3jvm.bench.cases;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.function.Function;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/**
 * The parameters of a model by shape and dtype, without memory: enough to trace a graph of real
 * width before its tensors are made. Touching an element of one crashes the JVM; nothing but {@link
 * Tensor#shape} and {@link Tensor#dtype} is ever asked of them.
 */
final class ShapesOnly implements Parameters {
  private final Map<String, Shape> shapes;
  private final Function<Shape, DType> dtypes;

  private ShapesOnly(Map<String, Shape> shapes, Function<Shape, DType> dtypes) {
    this.shapes = shapes;
    this.dtypes = dtypes;
  }

  /** All of a model's parameters, matrices and kernels in {@code dtype}, vectors in F32. */
  static Parameters of(ParameterShapes parameters, DType dtype) {
    return new ShapesOnly(
        parameters.asMap(), shape -> shape.elements() == shape.dim(0) ? DType.F32 : dtype);
  }

  @SuppressWarnings("restricted")
  @Override
  public Tensor tensor(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("the model has no parameter '" + name + "'");
    }
    DType dtype = dtypes.apply(shape);
    return Tensor.of(
        dtype, shape, MemorySegment.NULL.reinterpret(shape.elements() * dtype.byteSize()));
  }
}
