package org.t3jvm.accel.run;

import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** One op as a graph of its own, whose inputs are its operands, for the host to compute. */
final class HostStep {
  private static final String RESULT = "result";

  private final Map<String, Value> operands = new LinkedHashMap<>();
  private final Graph graph;

  HostStep(Value value) {
    Tracer g = new Tracer();
    Op.Computed op = (Op.Computed) value.op();
    Map<Value, Value> inputs = new LinkedHashMap<>();
    for (Value operand : op.operands()) {
      String name = "operand" + operand.id();
      if (operands.putIfAbsent(name, operand) == null) {
        inputs.put(operand, g.input(name, operand.dtype(), operand.shape()));
      }
    }
    g.output(RESULT, g.append(op.mapOperands(each -> Objects.requireNonNull(inputs.get(each)))));
    this.graph = g.graph();
  }

  /** Bytes of the host's memory that it takes. */
  long bytes(Backend cpu) {
    MemoryPlan plan = cpu.plan(graph).orElseThrow();
    return plan.activations()
        + plan.scratch()
        + graph.inputs().values().stream().mapToLong(HostStep::bytes).sum()
        + graph.outputs().values().stream().mapToLong(HostStep::bytes).sum();
  }

  private static long bytes(Value value) {
    return value.shape().elements() * value.dtype().byteSize();
  }

  /**
   * Computes the op.
   *
   * @param fetch writes an operand into a tensor
   * @param send takes the result, whose memory is freed then
   */
  void run(Backend cpu, BiConsumer<Value, Tensor> fetch, Consumer<Tensor> send) {
    try (Arena arena = Arena.ofShared();
        Program program = cpu.compile(graph, Parameters.of(Map.of()))) {
      Map<String, Tensor> inputs = new LinkedHashMap<>();
      operands.forEach(
          (name, operand) -> {
            Tensor tensor = Tensor.allocate(arena, operand.dtype(), operand.shape());
            fetch.accept(operand, tensor);
            inputs.put(name, tensor);
          });
      Value value = Objects.requireNonNull(graph.outputs().get(RESULT));
      Tensor result = Tensor.allocate(arena, value.dtype(), value.shape());
      program.run(inputs, Map.of(RESULT, result), RegionListener.NONE);
      send.accept(result);
    }
  }
}
