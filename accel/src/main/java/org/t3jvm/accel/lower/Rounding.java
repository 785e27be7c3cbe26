package org.t3jvm.accel.lower;

import java.util.HashSet;
import java.util.Set;
import org.t3jvm.accel.nvidia.LibraryFunction;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Which products take their operands as BF16.
 *
 * @param precision BF16 if any do
 * @param kernels what computes them
 */
public record Rounding(Precision precision, KernelSource kernels) {
  /** Fewer rows than this gain nothing, and those of time embeddings would lose what they need. */
  private static final long FEWEST_ROWS = 32;

  private static final int MOST_HEAD_COLUMNS = 128;

  /** The products of a graph that take their operands as BF16. */
  Set<Value> products(Graph graph) {
    Set<Value> products = new HashSet<>();
    graph.values().stream().filter(this::applies).forEach(products::add);
    Set<Value> misused = new HashSet<>(graph.outputs().values());
    for (Value value : graph.values()) {
      for (Value operand : value.op().operands()) {
        if (!isWeight(value, operand) || !products.contains(value)) {
          misused.add(operand);
        }
      }
    }
    // A convolution's weight lies as such products take it, and so must be read by no other.
    products.removeIf(
        value -> value.op() instanceof Op.Conv3d conv && misused.contains(conv.weight()));
    return products;
  }

  private static boolean isWeight(Value value, Value operand) {
    return value.op() instanceof Op.Conv3d conv && operand.equals(conv.weight());
  }

  private boolean applies(Value value) {
    return precision == Precision.BF16
        && value.op() instanceof Op.Product product
        && applies(product, value);
  }

  private boolean applies(Op.Product product, Value value) {
    return switch (product) {
      case Op.Linear op -> rows(value.shape()) >= FEWEST_ROWS && even(op.x()) && even(value);
      case Op.Conv3d op ->
          rows(value.shape()) >= FEWEST_ROWS
              && even(op.x())
              && even(value)
              && op.weight().op() instanceof Op.Parameter;
      case Op.Attention op ->
          op.bias() == null
              && !(op.pattern() instanceof AttentionPattern.Inward)
              && attends(op.headDim());
      case Op.MatMul _ -> false;
    };
  }

  private boolean attends(int headDim) {
    return switch (kernels) {
      case JAVA -> headDim % 2 == 0 && headDim <= MOST_HEAD_COLUMNS;
      case LIBRARY -> LibraryFunction.attends(headDim);
    };
  }

  /** Whether a product of BF16 takes an operand as such. */
  static boolean rounds(Op.Product product, Value operand) {
    return switch (product) {
      case Op.Linear op -> !operand.equals(op.bias());
      case Op.Conv3d op -> !operand.equals(op.bias());
      case Op.MatMul _, Op.Attention _ -> true;
    };
  }

  private static long rows(Shape shape) {
    return shape.elements() / Math.max(shape.dim(-1), 1);
  }

  private static boolean even(Value value) {
    return value.shape().dim(-1) % 2 == 0 && value.shape().dim(-1) > 0;
  }
}
