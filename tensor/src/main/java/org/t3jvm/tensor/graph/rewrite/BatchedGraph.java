package org.t3jvm.tensor.graph.rewrite;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Makes of a graph for one example a graph for several, which share its parameters. What treats
 * rows alike is computed on the rows of all examples at once, so that products of few rows become
 * products of many; what looks across rows, such as attention, is computed example by example.
 */
public final class BatchedGraph {
  private final Tracer to = new Tracer();
  private final int count;
  private final Map<Value, BatchedValue> batched = new HashMap<>();

  private BatchedGraph(int count) {
    this.count = count;
  }

  /** Name of an input of one of the examples, from 0. */
  public static String input(String name, int example) {
    return name + "/" + example;
  }

  /**
   * The graph of the mean of an output over {@code count} examples, of its shape and under its
   * name. Each input stands {@code count} times in it, named by {@link #input}.
   */
  public static Graph mean(Graph graph, int count, String output) {
    BatchedGraph of = new BatchedGraph(count);
    GraphRewriter.inRegions(graph, of.to, of::addAll);
    Value value = Objects.requireNonNull(graph.outputs().get(output), output);
    Tracer to = of.to;
    List<Value> each = of.batched(value).split();
    Value sum = each.getFirst();
    for (Value next : each.subList(1, count)) {
      sum = to.add(sum, next);
    }
    to.output(output, to.affine(sum, 1f / count, 0));
    return to.graph();
  }

  private void addAll(List<Value> values) {
    for (Value value : values) {
      batched.put(value, add(value));
    }
  }

  private BatchedValue batched(Value value) {
    return Objects.requireNonNull(batched.get(value), value::toString);
  }

  private BatchedValue add(Value value) {
    return switch (value.op()) {
      case Op.Input input ->
          BatchedValue.split(
              to,
              IntStream.range(0, count)
                  .mapToObj(i -> to.input(input(input.name(), i), value.dtype(), value.shape()))
                  .toList());
      case Op.Parameter parameter ->
          BatchedValue.shared(
              to, count, to.parameter(parameter.name(), value.dtype(), value.shape()));
      case Op.Constant constant -> BatchedValue.shared(to, count, to.append(constant));
      case Op.Computed op -> computed(op, value);
    };
  }

  private BatchedValue computed(Op.Computed op, Value value) {
    List<BatchedValue> operands = op.operands().stream().map(this::batched).toList();
    if (operands.stream().allMatch(BatchedValue::isShared)) {
      return BatchedValue.shared(
          to, count, to.append(op.mapOperands(operand -> batched(operand).shared())));
    }
    BatchedRows rows = new BatchedRows(to, count, this::batched);
    return rows.together(op, value.shape())
        .map(stacked -> BatchedValue.stacked(to, count, stacked))
        .orElseGet(() -> eachAlone(op));
  }

  private BatchedValue eachAlone(Op.Computed op) {
    return BatchedValue.split(
        to,
        IntStream.range(0, count)
            .mapToObj(i -> to.append(op.mapOperands(operand -> batched(operand).split().get(i))))
            .toList());
  }
}
