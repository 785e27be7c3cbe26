package org.t3jvm.tensor.cpu.plan;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Matrices whose rows can be computed apart, by what their ops state. */
final class RowOps {
  /** Gives the operands of a rewritten op. */
  interface Operands {
    /** Stands for the rows of an operand that go with the result's. */
    Value rows(Value operand);

    /** Stands for all of an operand. */
    Value whole(Value operand);
  }

  private RowOps() {}

  /** Whether the op of value [N, D] computes its rows independently. */
  static boolean has(Value value) {
    return value.shape().rank() == 2 && value.op().hasIndependentRows();
  }

  /** The op of a value that {@link #has} accepts, over other operands. */
  static Op rewrite(Value value, Operands to) {
    int[] next = {0};
    return value
        .op()
        .mapOperands(
            operand ->
                value.op().readsRows(next[0]++, value.shape())
                    ? to.rows(operand)
                    : to.whole(operand));
  }

  /** What a value reads by rows, or what it reads whole, in order. */
  static List<Value> operands(Value value, boolean byRows) {
    List<Value> all = value.op().operands();
    List<Value> chosen = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (value.op().readsRows(i, value.shape()) == byRows) {
        chosen.add(all.get(i));
      }
    }
    return chosen;
  }
}
