package org.t3jvm.bench.cases;

import java.util.stream.Stream;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * The work that a graph's definition asks for. A backend that finds a shorter way, such as a folded
 * upsampling, still counts the same.
 */
final class GraphWork {
  private GraphWork() {}

  /**
   * Operations of all products: linear, matmul, attention's two products (softmax apart) and
   * convolution with its zero padding; a multiplication and an addition are two.
   */
  static double flop(Graph graph) {
    return graph.values().stream().mapToDouble(GraphWork::flop).sum();
  }

  private static double flop(Value value) {
    return 2.0
        * switch (value.op()) {
          case Op.Linear linear -> value.shape().elements() * (double) linear.x().shape().dim(-1);
          case Op.MatMul product -> value.shape().elements() * (double) product.a().shape().dim(-1);
          case Op.Attention attention -> attention(attention);
          case Op.Conv3d conv -> value.shape().elements() * (double) conv.weight().shape().inner(0);
          default -> 0;
        };
  }

  /** Multiply-adds: every query meets its keys twice, in the scores and in the weighted sum. */
  private static double attention(Op.Attention attention) {
    Shape q = attention.q().shape();
    double keys =
        switch (attention.pattern()) {
          case AttentionPattern.Full full -> attention.k().shape().dim(0);
          case AttentionPattern.Windows windows ->
              windows.groupSize()
                  * (windows.grouping() == AttentionPattern.Grouping.BOTH ? 2.0 : 1.0);
        };
    return 2 * q.elements() * keys;
  }

  /** Bytes of all inputs, parameters and outputs, each moved once. */
  static double bytes(Graph graph) {
    return Stream.of(graph.inputs(), graph.parameters(), graph.outputs())
        .flatMap(named -> named.values().stream())
        .mapToDouble(value -> (double) value.shape().elements() * value.dtype().byteSize())
        .sum();
  }
}
