package org.t3jvm.bench.cases;

import java.util.stream.Stream;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.OpWork;

/**
 * The work of a graph by its definition. A backend that finds a shorter way, such as a folded
 * upsampling, still counts the same.
 */
public final class GraphWork {
  private GraphWork() {}

  /**
   * Operations of all products: linear, matmul, attention's two products (softmax apart) and
   * convolution with its zero padding; a multiplication and an addition are two.
   */
  public static double flop(Graph graph) {
    return graph.values().stream().mapToDouble(OpWork::flop).sum();
  }

  /** Bytes of all inputs, parameters and outputs, each moved once. */
  static double bytes(Graph graph) {
    return Stream.of(graph.inputs(), graph.parameters(), graph.outputs())
        .flatMap(named -> named.values().stream())
        .mapToDouble(OpWork::bytes)
        .sum();
  }
}
