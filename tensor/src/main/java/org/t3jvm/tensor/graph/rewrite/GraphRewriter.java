package org.t3jvm.tensor.graph.rewrite;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Traces the values of a graph again, in order, through a {@link Pass}. Inputs, parameters,
 * constants and regions are kept; {@link #rewrite} keeps the outputs as well.
 */
public final class GraphRewriter {
  private final Tracer to;
  private final Pass pass;
  private final Map<String, Value> inputs;
  private final Map<Value, Value> rewritten = new HashMap<>();

  private GraphRewriter(Tracer to, Pass pass, Map<String, Value> inputs) {
    this.to = to;
    this.pass = pass;
    this.inputs = inputs;
  }

  /** The graph after all passes, each over the result of the one before. */
  public static Graph rewrite(Graph graph, Pass... passes) {
    Graph result = graph;
    for (Pass pass : passes) {
      Tracer to = new Tracer();
      Map<Value, Value> rewritten = append(result, to, pass);
      result.outputs().forEach((name, value) -> to.output(name, of(rewritten, value)));
      result = to.graph();
    }
    return result;
  }

  /**
   * Traces the values of a graph to where other values may be traced before and after them.
   *
   * @return by each value of the graph, what stands for it; the outputs are not named
   */
  public static Map<Value, Value> append(Graph graph, Tracer to, Pass pass) {
    return append(graph, new GraphRewriter(to, pass, Map.of()));
  }

  /**
   * Traces a graph as a part of a larger one.
   *
   * @param inputs what stands for some of its inputs; the others become inputs of the larger graph
   * @return what stands for each of its outputs, by name; they are not named as outputs
   */
  public static SequencedMap<String, Value> inline(
      Graph graph, Tracer to, Map<String, Value> inputs) {
    Map<Value, Value> rewritten = append(graph, new GraphRewriter(to, Pass.COPY, inputs));
    SequencedMap<String, Value> outputs = new LinkedHashMap<>();
    graph.outputs().forEach((name, value) -> outputs.put(name, of(rewritten, value)));
    return outputs;
  }

  private static Map<Value, Value> append(Graph graph, GraphRewriter rewriter) {
    inRegions(graph, rewriter.to, rewriter::addAll);
    return rewriter.rewritten;
  }

  /** Traces the values of a graph in order, some at a time, within regions like its own. */
  static void inRegions(Graph graph, Tracer to, Consumer<List<Value>> some) {
    int done = 0;
    for (Region region : graph.regions()) {
      some.accept(graph.values().subList(done, region.first()));
      List<Value> inside = graph.values().subList(region.first(), region.end());
      to.region(
          region.name(),
          region.kind(),
          () -> {
            some.accept(inside);
            return inside;
          });
      done = region.end();
    }
    some.accept(graph.values().subList(done, graph.values().size()));
  }

  private void addAll(List<Value> values) {
    values.forEach(value -> rewritten.put(value, rewrite(value)));
  }

  private Value rewrite(Value value) {
    return switch (value.op()) {
      case Op.Input input -> input(input.name(), value);
      case Op.Parameter parameter -> to.parameter(parameter.name(), value.dtype(), value.shape());
      case Op.Constant constant -> to.append(constant);
      case Op.Computed op -> {
        Value result = pass.rewrite(value, op.mapOperands(operand -> of(rewritten, operand)), to);
        if (!result.shape().equals(value.shape()) || result.dtype() != value.dtype()) {
          throw new IllegalStateException(
              "a rewrite gives %s for %s; shapes and dtypes must agree".formatted(result, value));
        }
        yield result;
      }
    };
  }

  private Value input(String name, Value value) {
    Value known = inputs.get(name);
    if (known == null) {
      return to.input(name, value.dtype(), value.shape());
    }
    if (known.dtype() != value.dtype() || !known.shape().equals(value.shape())) {
      throw new TraceException(
          "input", "'%s' is %s, %s is given for it".formatted(name, value, known));
    }
    return known;
  }

  private static Value of(Map<Value, Value> rewritten, Value value) {
    return Objects.requireNonNull(rewritten.get(value), value::toString);
  }
}
