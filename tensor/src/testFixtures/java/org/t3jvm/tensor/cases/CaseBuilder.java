package org.t3jvm.tensor.cases;

import java.util.HashMap;
import java.util.Map;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Traces the graph of one case and remembers what its tensors hold. */
final class CaseBuilder {
  /** Where the case's ops are traced. */
  final Tracer g = new Tracer();

  private final String op;
  private final Map<String, Fill> fills = new HashMap<>();

  CaseBuilder(String op) {
    this.op = op;
  }

  /** An F32 input of standard normal elements. */
  Value input(String name, long... dims) {
    return input(name, DType.F32, Fill.NORMAL, dims);
  }

  Value input(String name, DType dtype, Fill fill, long... dims) {
    fills.put(name, fill);
    return g.input(name, dtype, Shape.of(dims));
  }

  /** A parameter of standard normal elements. */
  Value parameter(String name, DType dtype, long... dims) {
    return parameter(name, dtype, Fill.NORMAL, dims);
  }

  Value parameter(String name, DType dtype, Fill fill, long... dims) {
    fills.put(name, fill);
    return g.parameter(name, dtype, Shape.of(dims));
  }

  /** The case whose output is {@code y}; its name is the op's and the details. */
  OpCase returns(Value y, Tolerance tolerance, String details, Object... arguments) {
    g.output(OpCase.OUTPUT, y);
    String name = op + " " + details.formatted(arguments);
    return new OpCase(op, name, g.graph(), fills, tolerance);
  }

  /** As {@code [3x1x5]}, for names. */
  static String dims(long... dims) {
    return Shape.of(dims).toString().replace(", ", "x");
  }
}
