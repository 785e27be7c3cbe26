package org.t3jvm.accel.lower;

import org.t3jvm.accel.memory.Bank;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Which values stay on the device as packed words, and how many. All others are F32 there. */
public final class Packing {
  private Packing() {}

  /** Whether a value is a parameter of fewer bits than F32, which stays as it is in its file. */
  public static boolean isPacked(Value value) {
    return value.op() instanceof Op.Parameter
        && (value.dtype() == DType.F16 || value.dtype() == DType.BF16 || value.dtype() == DType.I8);
  }

  /** The banks in which a value lies. */
  public static Bank.Kind kind(Value value) {
    return isPacked(value) ? Bank.Kind.WORDS : Bank.Kind.FLOATS;
  }

  /** Elements of a bank that a value takes: words if it is packed. */
  public static long elements(Value value) {
    long count = value.shape().elements();
    return isPacked(value)
        ? Math.ceilDiv(count * value.dtype().byteSize(), Bank.ELEMENT_BYTES)
        : count;
  }

  /** Whether an op reads an operand as it is stored, so that it need not be decoded first. */
  public static boolean readsPacked(Op op, Value operand) {
    return switch (op) {
      case Op.Embedding embedding ->
          embedding.table().equals(operand) && operand.dtype() != DType.I8;
      case Op.Scaled scaled -> scaled.codes().equals(operand);
      default -> false;
    };
  }
}
