package org.t3jvm.model.nn;

import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Hears of named intermediate values while a model is traced. {@code Tracer::output} makes outputs
 * of all of them.
 */
@FunctionalInterface
public interface Taps {
  /** Hears nothing. */
  Taps NONE = (g, name, value) -> {};

  /** Called once for each named intermediate of the graph that {@code g} traces. */
  void tap(Tracer g, String name, Value value);

  /** Taps that receive every name with {@code prefix} before it. */
  default Taps at(String prefix) {
    return (g, name, value) -> tap(g, prefix + name, value);
  }
}
