package org.t3jvm.tensor.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Values that need not be in one piece of memory: each op that computes or reads one can do so for
 * some of its rows, those along its last axis, at a time. A backend may lay them out in parts where
 * no memory of its holds them whole.
 */
public final class RowParts {
  private RowParts() {}

  /** Those values of a graph. A reshaped value is one of them if what it reshapes is. */
  public static Set<Value> of(Graph graph) {
    Set<Value> whole = new HashSet<>();
    List<Value> values = graph.values();
    for (Value value : values) {
      if (!isWritten(value.op())) {
        whole.add(value);
      }
      for (Value operand : value.op().operands()) {
        if (!isRead(value, operand)) {
          whole.add(operand);
        }
      }
    }
    // Reshaped values share memory, those before and those after.
    for (Value value : values.reversed()) {
      if (value.op() instanceof MovementOp.Reshape reshape && whole.contains(value)) {
        whole.add(reshape.x());
      }
    }
    for (Value value : values) {
      if (value.op() instanceof MovementOp.Reshape reshape && whole.contains(reshape.x())) {
        whole.add(value);
      }
    }
    Set<Value> parts = new HashSet<>(values);
    parts.removeAll(whole);
    return parts;
  }

  private static boolean isWritten(Op op) {
    return switch (op) {
      case Op.Parameter _, Op.Constant _, Op.MatMul _, Op.Reduce _, Op.Scaled _ -> false;
      case Op.Attention attention -> attention.pattern() instanceof AttentionPattern.Full;
      case Op.Input _,
          Op.Linear _,
          Op.Conv3d _,
          Op.Elementwise _,
          Op.RowWise _,
          Op.RmsFactor _,
          Op.Embedding _,
          MovementOp _,
          GradientOp _ ->
          true;
    };
  }

  private static boolean isRead(Value value, Value operand) {
    return switch (value.op()) {
      case Op.Linear op -> only(op, op.x(), operand);
      case Op.Attention op ->
          op.pattern() instanceof AttentionPattern.Full && only(op, op.q(), operand);
      case Op.RowWise op -> only(op, op.operands().getFirst(), operand);
      case Op.RmsFactor _ -> true;
      // What is broadcast is read again for other rows.
      case Op.Elementwise _ -> operand.shape().equals(value.shape());
      case GradientOp.Broadcast _ -> false;
      case MovementOp _, GradientOp _ -> true;
      case Op.Given _, Op.MatMul _, Op.Conv3d _, Op.Reduce _, Op.Widening _ -> false;
    };
  }

  /** Whether an operand is this one, and no other one of the op. */
  private static boolean only(Op op, Value one, Value operand) {
    return one.equals(operand)
        && op.operands().stream().filter(each -> Objects.equals(each, operand)).count() == 1;
  }
}
