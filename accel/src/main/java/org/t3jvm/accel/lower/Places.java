package org.t3jvm.accel.lower;

import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.graph.Value;

/** Where the values of a graph lie while an op runs. */
public interface Places {
  /** Elements of a value as F32: its own, or those it was decoded to for this op. */
  Pieces pieces(Value value);

  /** The same of a value in one place. */
  default Place of(Value value) {
    return pieces(value).whole();
  }

  /** The words of a packed value. */
  Place packed(Value value);

  /** The words of a product's operand or result as BF16: its own, or those made for this op. */
  Pieces bf16Pieces(Value value);

  /** The same of a value in one place. */
  default Place bf16(Value value) {
    return bf16Pieces(value).whole();
  }

  /** What computing the value takes beside its operands and itself. */
  Place room(Room.What what);

  /** Elements that kernels use while they run. */
  Place scratch(long elements);

  /** Stands for a result that a kernel does not write this time; in a bank of its own. */
  Place unused();

  /** A table that the lowering asked for by {@link Tables}. */
  Place table(Tables.Table table);
}
