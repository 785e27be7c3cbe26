package org.t3jvm.model.warm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * A graph compared by what it computes: keys are equal if their graphs have equal ops on the same
 * values in the same order, equal constants, and the same names of inputs, parameters, outputs and
 * regions. Shapes, head groups and the attention's patterns are part of the ops, so nothing that
 * decides a program can be missing from its key.
 */
final class GraphKey {
  private final Graph graph;
  private final int hash;

  GraphKey(Graph graph) {
    this.graph = graph;
    int mixed = outputs(graph).hashCode();
    for (Value value : graph.values()) {
      mixed = 31 * mixed + value.op().getClass().hashCode();
      mixed = 31 * mixed + value.shape().hashCode();
    }
    this.hash = mixed;
  }

  @Override
  public boolean equals(@Nullable Object object) {
    if (!(object instanceof GraphKey other) || hash != other.hash) {
      return false;
    }
    List<Value> values = graph.values();
    List<Value> others = other.graph.values();
    if (values.size() != others.size()
        || !outputs(graph).equals(outputs(other.graph))
        || !graph.regions().equals(other.graph.regions())) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!same(values.get(i), others.get(i), others)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  private static Map<String, Integer> outputs(Graph graph) {
    Map<String, Integer> ids = new LinkedHashMap<>();
    graph.outputs().forEach((name, value) -> ids.put(name, value.id()));
    return ids;
  }

  private static boolean same(Value value, Value other, List<Value> others) {
    return value.dtype() == other.dtype()
        && value.shape().equals(other.shape())
        && Objects.equals(value.region(), other.region())
        && same(value.op(), other.op(), others);
  }

  /** Ops are records: one put on the other's operands is equal to it if they are the same. */
  private static boolean same(Op op, Op other, List<Value> others) {
    return (op instanceof Op.Constant constant && other instanceof Op.Constant like)
        ? same(constant.tensor(), like.tensor())
        : op.mapOperands(operand -> others.get(operand.id())).equals(other);
  }

  private static boolean same(Tensor constant, Tensor other) {
    return constant == other
        || (constant.dtype() == other.dtype()
            && constant.shape().equals(other.shape())
            && constant.segment().mismatch(other.segment()) == -1);
  }
}
