package org.t3jvm.tensor.cpu.plan;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.move.ScaledRows;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * What the kernels of an op read: its operands, but the codes and scales of a quantised weight in
 * the weight's place, where the kernels multiply while they read. Unless others read it too, such a
 * weight is computed nowhere.
 */
final class Reads {
  private Reads() {}

  static List<Value> of(Value value) {
    return value.op().operands().stream()
        .flatMap(
            operand ->
                operand == weight(value) && operand.op() instanceof Op.Scaled scaled
                    ? scaled.operands().stream()
                    : Stream.of(operand))
        .toList();
  }

  /** The operand that kernels read as {@link ScaledRows}, if it is quantised. */
  private static @Nullable Value weight(Value value) {
    return switch (value.op()) {
      case Op.Linear linear -> linear.weight();
      case Op.Embedding embedding -> embedding.table();
      case Op.MatMul _, Op.Conv3d _, Op.Attention _ -> null;
      case Op.Given _,
          Op.Elementwise _,
          Op.RowWise _,
          Op.Reduction _,
          Op.Scaled _,
          MovementOp _,
          GradientOp _ ->
          null;
    };
  }
}
