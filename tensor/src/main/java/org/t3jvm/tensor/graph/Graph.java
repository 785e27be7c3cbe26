package org.t3jvm.tensor.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** An immutable graph: values in execution order, named inputs, parameters and outputs, regions. */
public final class Graph {
  private final List<Value> values;
  private final SequencedMap<String, Value> inputs;
  private final SequencedMap<String, Value> parameters;
  private final SequencedMap<String, Value> outputs;
  private final List<Region> regions;

  Graph(
      List<Value> values,
      Map<String, Value> inputs,
      Map<String, Value> parameters,
      Map<String, Value> outputs,
      List<Region> regions) {
    this.values = List.copyOf(values);
    this.inputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(inputs));
    this.parameters = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parameters));
    this.outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    this.regions = List.copyOf(regions);
  }

  /** Every value, operands before users; {@code values().get(i).id() == i}. */
  public List<Value> values() {
    return values;
  }

  /** Input values by name, in tracing order. */
  public SequencedMap<String, Value> inputs() {
    return inputs;
  }

  /** Parameter values by name, in tracing order. */
  public SequencedMap<String, Value> parameters() {
    return parameters;
  }

  /** Output values by name, in tracing order. */
  public SequencedMap<String, Value> outputs() {
    return outputs;
  }

  /** Regions in execution order. */
  public List<Region> regions() {
    return regions;
  }
}
