package org.t3jvm.accel.lower;

import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Which products take their operands as BF16. */
record Rounding(Precision precision) {
  /** Fewer rows than this gain nothing, and those of time embeddings would lose what they need. */
  private static final long FEWEST_ROWS = 32;

  private static final int MOST_HEAD_COLUMNS = 128;

  /** Whether a value is a product of operands rounded to BF16. */
  boolean applies(Value value) {
    if (precision != Precision.BF16) {
      return false;
    }
    return switch (value.op()) {
      case Op.Linear op -> rows(value.shape()) >= FEWEST_ROWS && even(op.x()) && even(value);
      case Op.Attention op ->
          op.bias() == null && op.headDim() % 2 == 0 && op.headDim() <= MOST_HEAD_COLUMNS;
      default -> false;
    };
  }

  /** Whether a value is a product that takes this operand as BF16. */
  boolean rounds(Value value, Value operand) {
    return applies(value)
        && !(value.op() instanceof Op.Linear linear && operand.equals(linear.bias()));
  }

  private static long rows(Shape shape) {
    return shape.elements() / Math.max(shape.dim(-1), 1);
  }

  private static boolean even(Value value) {
    return value.shape().dim(-1) % 2 == 0;
  }
}
