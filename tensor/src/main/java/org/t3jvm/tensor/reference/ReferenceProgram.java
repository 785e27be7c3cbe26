package org.t3jvm.tensor.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Bindings;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.Value;

/** A graph run value after value; a value is forgotten after its last use. */
final class ReferenceProgram implements Program {
  private final Graph graph;
  private final Map<String, Tensor> parameters;
  private final int[] lastUses;

  ReferenceProgram(Graph graph, Map<String, Tensor> parameters) {
    this.graph = graph;
    this.parameters = parameters;
    this.lastUses = new int[graph.values().size()];
    for (Value value : graph.values()) {
      lastUses[value.id()] = value.id();
      value.op().operands().forEach(operand -> lastUses[operand.id()] = value.id());
    }
    graph.outputs().values().forEach(value -> lastUses[value.id()] = Integer.MAX_VALUE);
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public void run(
      Map<String, Tensor> inputs, Map<String, Tensor> outputs, RegionListener listener) {
    Bindings.requireInputs(graph, inputs);
    Bindings.requireOutputs(graph, outputs);
    List<@Nullable Tensor> computed = new ArrayList<>();
    int finished = 0;
    for (Value value : graph.values()) {
      while (finished < graph.regions().size()
          && graph.regions().get(finished).end() <= value.id()) {
        listener.finished(graph.regions().get(finished++));
      }
      boolean computes = !value.op().operands().isEmpty();
      List<Value> step = List.of(value);
      if (computes) {
        listener.started(step);
      }
      computed.add(compute(value, inputs, computed));
      if (computes) {
        listener.computed(step);
      }
      for (Value last : lastUsedAt(value)) {
        computed.set(last.id(), null);
      }
    }
    for (Region region : graph.regions().subList(finished, graph.regions().size())) {
      listener.finished(region);
    }
    outputs.forEach((name, tensor) -> tensor.copyFrom(of(graph.outputs().get(name), computed)));
  }

  private Tensor compute(Value value, Map<String, Tensor> inputs, List<@Nullable Tensor> computed) {
    return switch (value.op()) {
      case Op.Input input -> given(inputs, input.name());
      case Op.Parameter parameter -> given(parameters, parameter.name());
      case Op.Constant constant -> constant.tensor();
      case Op.Computed _ -> {
        try {
          yield ReferenceOps.compute(value, operand -> of(operand, computed));
        } catch (ArithmeticException e) {
          throw new BackendException(
              "backend 'reference' holds at most 2^31-1 elements a value, not " + value, e);
        }
      }
    };
  }

  private static Tensor given(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new BackendException("no tensor is given for '" + name + "'");
    }
    return tensor;
  }

  private static Tensor of(@Nullable Value value, List<@Nullable Tensor> computed) {
    Tensor tensor = value == null ? null : computed.get(value.id());
    if (tensor == null) {
      throw new IllegalStateException(value + " is used after its last use");
    }
    return tensor;
  }

  /** The values that nobody reads after {@code value} is computed, itself included. */
  private List<Value> lastUsedAt(Value value) {
    return Stream.concat(Stream.of(value), value.op().operands().stream())
        .distinct()
        .filter(candidate -> lastUses[candidate.id()] == value.id())
        .toList();
  }

  /**
   * The most that lives at once, each value in memory of its own, and the operands and the result
   * of the largest op in float64.
   */
  @Override
  public MemoryPlan memoryPlan() {
    long live = 0;
    long peak = 0;
    long scratch = 0;
    for (Value value : graph.values()) {
      live += bytes(value);
      peak = Math.max(peak, live);
      scratch = Math.max(scratch, ReferenceOps.scratch(value));
      for (Value last : lastUsedAt(value)) {
        live -= bytes(last);
      }
    }
    long stored = graph.parameters().values().stream().mapToLong(OpWork::bytes).sum();
    return new MemoryPlan(peak, scratch, stored);
  }

  private static long bytes(Value value) {
    boolean given = value.op() instanceof Op.Input || value.op() instanceof Op.Parameter;
    return given ? 0 : value.shape().elements() * value.dtype().byteSize();
  }

  @Override
  public void close() {}
}
