package org.t3jvm.tensor.grad;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Value;

/**
 * Which values have a gradient that is wanted: those that depend on what is differentiated by, and
 * that the loss depends on.
 *
 * @param sources what is differentiated by, in the order asked for
 * @param active the values in between, the ends included
 */
record Dependence(Map<String, Value> sources, Set<Value> active) {
  static Dependence of(Graph graph, Value loss, Collection<String> wanted) {
    Map<String, Value> sources = new LinkedHashMap<>();
    Set<Value> varying = new HashSet<>();
    for (String name : wanted) {
      Value source = source(graph, name);
      sources.put(name, source);
      varying.add(source);
    }
    for (Value value : graph.values()) {
      if (value.op().operands().stream().anyMatch(varying::contains)) {
        varying.add(value);
      }
    }
    Set<Value> active = new HashSet<>();
    if (varying.contains(loss)) {
      active.add(loss);
    }
    for (Value value : graph.values().reversed()) {
      if (active.contains(value)) {
        value.op().operands().stream().filter(varying::contains).forEach(active::add);
      }
    }
    return new Dependence(sources, active);
  }

  private static Value source(Graph graph, String name) {
    @Nullable Value source = graph.parameters().getOrDefault(name, graph.inputs().get(name));
    if (source == null) {
      throw new TraceException("gradient", "there is no parameter or input '" + name + "'");
    }
    if (!source.dtype().isFloating()) {
      throw new TraceException("gradient", "only floating-point values have one, not " + source);
    }
    return source;
  }

  boolean has(Value value) {
    return active.contains(value);
  }
}
