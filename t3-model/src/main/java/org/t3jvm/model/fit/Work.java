package org.t3jvm.model.fit;

import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.OpWork;
import org.t3jvm.tensor.graph.Value;

/**
 * Floating-point operations by the rate that they run at, a multiplication and an addition counting
 * as two.
 *
 * @param products of linear layers
 * @param attention of scores and weighted sums
 * @param convolutions of the VAE
 */
public record Work(double products, double attention, double convolutions) {
  /** Nothing to do. */
  public static final Work NONE = new Work(0, 0, 0);

  /** All of a graph. */
  public static Work of(Graph graph) {
    return of(graph, 0, graph.values().size());
  }

  /** Values {@code [first, end)} of a graph. */
  static Work of(Graph graph, int first, int end) {
    double products = 0;
    double attention = 0;
    double convolutions = 0;
    for (Value value : graph.values().subList(first, end)) {
      double flop = OpWork.flop(value);
      if (value.op() instanceof Op.Product product) {
        switch (product) {
          case Op.Attention _ -> attention += flop;
          case Op.Conv3d _ -> convolutions += flop;
          case Op.Linear _, Op.MatMul _ -> products += flop;
        }
      } else if (value.op() instanceof GradientOp.Conv3dWeightGrad) {
        convolutions += flop;
      } else {
        attention += flop;
      }
    }
    return new Work(products, attention, convolutions);
  }

  /** Both together. */
  public Work plus(Work other) {
    return new Work(
        products + other.products, attention + other.attention, convolutions + other.convolutions);
  }

  /** This, so many times. */
  public Work times(double factor) {
    return new Work(products * factor, attention * factor, convolutions * factor);
  }

  /** All of it. */
  public double total() {
    return products + attention + convolutions;
  }
}
