package org.t3jvm.tensor.grad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * A graph whose loss is a random weighted sum of one value, and what its gradient is wanted of: all
 * floating-point inputs but the weights.
 */
final class GradientCase {
  static final String LOSS = "loss";
  private static final String WEIGHTS = "loss.weights";

  private final String name;
  private final Graph graph;
  private final Map<String, DoubleUnaryOperator> fills;
  private final Map<String, Tensor> given;

  private GradientCase(
      String name, Graph graph, Map<String, DoubleUnaryOperator> fills, Map<String, Tensor> given) {
    this.name = name;
    this.graph = graph;
    this.fills = fills;
    this.given = given;
  }

  /** Traces the operands of a case, which are its inputs. */
  static final class Operands {
    final Tracer g = new Tracer();
    private final Map<String, DoubleUnaryOperator> fills = new HashMap<>();
    private final Map<String, Tensor> given = new HashMap<>();

    /** An F32 input of standard normal elements. */
    Value normal(String name, long... dims) {
      return of(name, x -> x, dims);
    }

    /** An F32 input of a function of standard normal numbers. */
    Value of(String name, DoubleUnaryOperator function, long... dims) {
      return of(name, DType.F32, function, dims);
    }

    Value of(String name, DType dtype, DoubleUnaryOperator function, long... dims) {
      fills.put(name, function);
      return g.input(name, dtype, Shape.of(dims));
    }

    /** An I64 input. */
    Value ids(String name, Shape shape, long... ids) {
      given.put(name, Tensor.ofLongs(shape, ids));
      return g.input(name, DType.I64, shape);
    }
  }

  static GradientCase of(String name, BiFunction<Tracer, Operands, Value> trace) {
    Operands operands = new Operands();
    Tracer g = operands.g;
    Value y = trace.apply(g, operands);
    long n = y.shape().elements();
    Value weights = g.input(WEIGHTS, DType.F32, Shape.of(n));
    Value products = g.mul(g.reshape(y, n), weights);
    g.output(LOSS, g.reduce(Op.Reduce.Kind.SUM, products, 0));
    return new GradientCase(name, g.graph(), operands.fills, operands.given);
  }

  Graph graph() {
    return graph;
  }

  /** What the gradient is wanted of. */
  List<String> wanted() {
    List<String> wanted = new ArrayList<>();
    graph
        .inputs()
        .forEach(
            (input, value) -> {
              if (value.dtype().isFloating() && !input.equals(WEIGHTS)) {
                wanted.add(input);
              }
            });
    return wanted;
  }

  long seed() {
    return name.hashCode();
  }

  /** The inputs, always with the same elements. */
  SequencedMap<String, Tensor> inputs() {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    graph
        .inputs()
        .forEach(
            (input, value) -> {
              @Nullable Tensor known = given.get(input);
              inputs.put(input, known == null ? random(input, value) : known);
            });
    return inputs;
  }

  private Tensor random(String input, Value value) {
    Random random = new Random(seed() * 31 + input.hashCode());
    DoubleUnaryOperator fill = fills.getOrDefault(input, x -> x);
    Tensor tensor = Tensor.allocate(value.dtype(), value.shape());
    for (long i = 0; i < value.shape().elements(); i++) {
      tensor.setDouble(i, fill.applyAsDouble(random.nextGaussian()));
    }
    return tensor;
  }

  @Override
  public String toString() {
    return name;
  }
}
