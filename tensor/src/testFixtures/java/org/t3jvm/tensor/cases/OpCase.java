package org.t3jvm.tensor.cases;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * One op, or a small chain of ops, on tensors of given shapes and dtypes, with what a backend may
 * differ from the reference by. The tensors are made anew at every call, always with the same
 * elements.
 */
public final class OpCase {
  /** Name of the output of every case's graph. */
  public static final String OUTPUT = "y";

  private final String op;
  private final String name;
  private final Graph graph;
  private final Map<String, Fill> fills;
  private final Tolerance tolerance;

  OpCase(String op, String name, Graph graph, Map<String, Fill> fills, Tolerance tolerance) {
    this.op = op;
    this.name = name;
    this.graph = graph;
    this.fills = Map.copyOf(fills);
    this.tolerance = tolerance;
  }

  /** The op this case is about, as {@link Op#opName()} has it, or {@code chain}. */
  public String op() {
    return op;
  }

  /** A name no other case has, such as {@code linear [12x257] x BF16 [31x257] + bias}. */
  public String name() {
    return name;
  }

  /** The graph, with the one output {@link #OUTPUT}. */
  public Graph graph() {
    return graph;
  }

  /** How far from the reference's a backend's output may lie. */
  public Tolerance tolerance() {
    return tolerance;
  }

  /** Seed of all the case's tensors: a function of the name. */
  public long seed() {
    return name.hashCode();
  }

  /** Newly made tensors for the graph's inputs. */
  public Map<String, Tensor> inputs() {
    return tensors(graph.inputs());
  }

  /** Newly made tensors for the graph's parameters. */
  public Map<String, Tensor> parameters() {
    return tensors(graph.parameters());
  }

  private Map<String, Tensor> tensors(Map<String, Value> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    values.forEach((key, value) -> tensors.put(key, tensor(key, value)));
    return tensors;
  }

  private Tensor tensor(String key, Value value) {
    Fill fill = fills.getOrDefault(key, Fill.NORMAL);
    Random random = new Random(seed() * 31 + key.hashCode());
    Tensor tensor = Tensor.allocate(value.dtype(), value.shape());
    for (long i = 0; i < value.shape().elements(); i++) {
      tensor.setDouble(i, fill.element(random, i));
    }
    return tensor;
  }

  @Override
  public String toString() {
    return name;
  }
}
