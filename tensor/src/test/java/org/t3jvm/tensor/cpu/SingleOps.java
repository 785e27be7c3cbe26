package org.t3jvm.tensor.cpu;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Runs every op of a {@link RandomGraphs random graph} as a graph of its own, into memory of its
 * own: what a planned program must agree with bit for bit.
 */
public final class SingleOps {
  private final Backend backend;
  private final Tensor weight;

  public SingleOps(Backend backend, Tensor weight) {
    this.backend = backend;
    this.weight = weight;
  }

  public Map<String, Tensor> run(Graph graph, Map<String, Tensor> inputs) {
    Map<Value, Tensor> results = new HashMap<>();
    for (Value value : graph.values()) {
      Tensor result =
          switch (value.op()) {
            case Op.Input input -> inputs.get(input.name());
            case Op.Parameter parameter -> weight;
            default -> run(value, results);
          };
      results.put(value, result);
    }
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    graph.outputs().forEach((name, value) -> outputs.put(name, results.get(value)));
    return outputs;
  }

  private Tensor run(Value value, Map<Value, Tensor> results) {
    Tracer g = new Tracer();
    Map<String, Tensor> inputs = new HashMap<>();
    Map<Value, Value> traced = new HashMap<>();
    for (Value operand : value.op().operands()) {
      String name = "operand" + operand.id();
      inputs.put(name, results.get(operand));
      traced.computeIfAbsent(operand, v -> g.input(name, v.dtype(), v.shape()));
    }
    g.output("y", retrace(g, value.op(), v -> Objects.requireNonNull(traced.get(v))));
    try (Program program = backend.compile(g.graph(), Parameters.of(Map.of()))) {
      return Objects.requireNonNull(program.run(inputs).get("y"));
    }
  }

  private static Value retrace(Tracer g, Op op, UnaryOperator<Value> v) {
    return switch (op) {
      case Op.Unary unary -> g.silu(v.apply(unary.x()));
      case Op.Clamp clamp -> g.clamp(v.apply(clamp.x()), clamp.low(), clamp.high());
      case Op.Affine affine -> g.affine(v.apply(affine.x()), affine.scale(), affine.offset());
      case Op.Norm norm -> g.rmsNorm(v.apply(norm.x()), null, norm.eps());
      case Op.Softmax softmax -> g.softmax(v.apply(softmax.x()));
      case Op.Binary binary ->
          binary.kind() == Op.Binary.Kind.ADD
              ? g.add(v.apply(binary.a()), v.apply(binary.b()))
              : g.sub(v.apply(binary.a()), v.apply(binary.b()));
      case Op.GatedResidual residual ->
          g.gatedResidual(v.apply(residual.x()), v.apply(residual.gate()), v.apply(residual.y()));
      case Op.Modulate modulate ->
          g.modulate(v.apply(modulate.x()), v.apply(modulate.shift()), v.apply(modulate.scale()));
      case MovementOp.Reshape reshape -> g.reshape(v.apply(reshape.x()), reshape.shape().dims());
      case MovementOp.Permute permute ->
          g.permute(v.apply(permute.x()), permute.axes().toArray(Integer[]::new));
      case MovementOp.Slice slice ->
          g.slice(v.apply(slice.x()), slice.axis(), slice.start(), slice.length());
      case MovementOp.Concat concat ->
          g.concat(concat.axis(), concat.parts().stream().map(v).toArray(Value[]::new));
      case Op.Reduce reduce -> g.reduce(reduce.kind(), v.apply(reduce.x()), reduce.axis());
      default -> throw new IllegalArgumentException("random graphs have no " + op.opName());
    };
  }
}
