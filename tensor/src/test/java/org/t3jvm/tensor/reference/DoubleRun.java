package org.t3jvm.tensor.reference;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** A graph under the reference's formulas with every floating-point value in float64. */
public final class DoubleRun {
  private DoubleRun() {}

  /**
   * The outputs of a graph.
   *
   * @param given inputs and parameters, floating-point ones as F64
   */
  public static SequencedMap<String, Tensor> run(Graph graph, Map<String, Tensor> given) {
    Map<Value, Tensor> computed = new HashMap<>();
    for (Value value : graph.values()) {
      DType dtype = value.dtype().isFloating() ? DType.F64 : value.dtype();
      computed.put(
          value,
          switch (value.op()) {
            case Op.Input input -> Objects.requireNonNull(given.get(input.name()));
            case Op.Parameter parameter -> Objects.requireNonNull(given.get(parameter.name()));
            case Op.Constant constant -> constant.tensor().to(dtype);
            default -> ReferenceOps.compute(value, computed::get, dtype);
          });
    }
    SequencedMap<String, Tensor> outputs = new LinkedHashMap<>();
    graph
        .outputs()
        .forEach((name, value) -> outputs.put(name, Objects.requireNonNull(computed.get(value))));
    return outputs;
  }
}
