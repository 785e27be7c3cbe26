package org.t3jvm.tensor.cpu.plan;

import java.util.List;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Knows the operands that a kernel may overwrite with its result. */
final class InPlace {
  private InPlace() {}

  /**
   * Operands of the result's shape and dtype of which the kernel reads no element, or no row, after
   * it has written the result's element, or row, at the same place.
   */
  static List<Value> candidates(Value value) {
    List<Value> operands =
        switch (value.op()) {
          case Op.Norm norm -> List.of(norm.x());
          case Op.Rope rope -> List.of(rope.x());
          case Op.Unary unary -> List.of(unary.x());
          case Op.Affine affine -> List.of(affine.x());
          case Op.Clamp clamp -> List.of(clamp.x());
          case Op.Binary binary -> List.of(binary.a(), binary.b());
          case Op.Modulate modulate -> List.of(modulate.x());
          case Op.GatedResidual residual -> List.of(residual.x(), residual.y());
          case Op.Softmax softmax -> List.of(softmax.x());
          default -> List.of();
        };
    return operands.stream().filter(operand -> operand.shape().equals(value.shape())).toList();
  }
}
