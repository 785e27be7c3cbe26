package org.t3jvm.model.lora;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.rewrite.GraphRewriter;

/**
 * LoRA as ops beside linear layers: {@code x W^T + b} becomes {@code x W^T + b + alpha/rank (x A^T)
 * B^T}, with parameters {@code MODULE.lora_A.NAME.weight} [rank, in] and {@code
 * MODULE.lora_B.NAME.weight} [out, rank], F32, as PEFT names them; the weight stays as it is.
 *
 * @param adapter NAME, {@code default} in files of PEFT
 * @param targets modules, or ends of their names after a dot, such as {@code q} and {@code ffn.0}
 * @param rank of the change, at least 1
 * @param alpha scales the change, over the rank
 */
public record LoraLayers(String adapter, List<String> targets, int rank, float alpha) {
  /** The adapter's name where nobody asks for another. */
  public static final String DEFAULT = "default";

  /** Every projection and both layers of the feed-forward network, as ViBe trains them. */
  public static final List<String> ALL = List.of("q", "k", "v", "o", "ffn.0", "ffn.2");

  static final String DOWN = ".lora_A.";

  private static final String UP = ".lora_B.";
  private static final String WEIGHT = ".weight";

  public LoraLayers {
    targets = List.copyOf(targets);
    if (rank < 1) {
      throw new IllegalArgumentException("LoRA: the rank must be at least 1, not " + rank);
    }
  }

  /** Name of A, applied first, of a module. */
  public String down(String module) {
    return module + DOWN + adapter + WEIGHT;
  }

  /** Name of B of a module. */
  public String up(String module) {
    return module + UP + adapter + WEIGHT;
  }

  String withoutAdapter(String name) {
    String end = "." + adapter + WEIGHT;
    return name.substring(0, name.length() - end.length()) + WEIGHT;
  }

  /**
   * A graph with the change beside every linear layer that is a target.
   *
   * @throws IllegalArgumentException if a target names no linear layer
   */
  public Graph over(Graph graph) {
    List<String> unused = new ArrayList<>(targets);
    shapesOf(graph).keySet().forEach(module -> unused.removeIf(target -> names(target, module)));
    if (!unused.isEmpty()) {
      throw new IllegalArgumentException(
          "LoRA: no linear layer is named " + String.join(" or ", unused));
    }
    return GraphRewriter.rewrite(
        graph,
        (value, op, to) -> {
          Value y = to.append(op);
          String module = op instanceof Op.Linear linear ? target(linear) : "";
          return module.isEmpty() ? y : to.add(y, change(module, (Op.Linear) op, to));
        });
  }

  private Value change(String module, Op.Linear linear, Tracer to) {
    Shape weight = linear.weight().shape();
    Value a = to.parameter(down(module), DType.F32, Shape.of(rank, weight.dim(1)));
    Value b = to.parameter(up(module), DType.F32, Shape.of(weight.dim(0), rank));
    Value change = to.linear(to.linear(linear.x(), a, null), b, null);
    return alpha == rank ? change : to.affine(change, alpha / rank, 0);
  }

  /** Shapes of all tensors of the change of a graph, by name. */
  public SequencedMap<String, Shape> shapes(Graph graph) {
    SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
    shapesOf(graph)
        .forEach(
            (module, weight) -> {
              shapes.put(down(module), Shape.of(rank, weight.dim(1)));
              shapes.put(up(module), Shape.of(weight.dim(0), rank));
            });
    return shapes;
  }

  /** The weights' shapes of all targets, by module. */
  private Map<String, Shape> shapesOf(Graph graph) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Value value : graph.values()) {
      if (value.op() instanceof Op.Linear linear && !target(linear).isEmpty()) {
        shapes.put(target(linear), linear.weight().shape());
      }
    }
    return shapes;
  }

  /** The module that a layer is, or nothing if it is no target. */
  private String target(Op.Linear linear) {
    if (linear.weight().op() instanceof Op.Parameter parameter
        && parameter.name().endsWith(WEIGHT)) {
      String name = parameter.name();
      String module = name.substring(0, name.length() - WEIGHT.length());
      return targets.stream().anyMatch(target -> names(target, module)) ? module : "";
    }
    return "";
  }

  private static boolean names(String target, String module) {
    return module.equals(target) || module.endsWith("." + target);
  }
}
