package org.t3jvm.accel.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of ops along one axis. */
final class RowLowering {
  private static final int RMS_FACTOR = 3;

  private RowLowering() {}

  static void norm(Lowering out, Value value, Op.Norm op) {
    int d = op.x().shape().intDim(-1);
    int kind =
        switch (op.kind()) {
          case RMS -> 0;
          case LAYER -> 1;
          case L2 -> 2;
        };
    Place x = out.places().of(op.x());
    out.emit(
        DeviceKernel.NORM,
        List.of(
            out.places().of(value), x, optional(out, op.weight(), x), optional(out, op.bias(), x)),
        new int[] {d, kind, flag(op.weight()), flag(op.bias())},
        Launch.Grid.rows(value.shape().elements() / d),
        op.eps(),
        (float) Math.sqrt(d));
  }

  static void rmsFactor(Lowering out, Value value, Op.RmsFactor op) {
    int d = op.x().shape().intDim(-1);
    Place x = out.places().of(op.x());
    out.emit(
        DeviceKernel.NORM,
        List.of(out.places().of(value), x, x, x),
        new int[] {d, RMS_FACTOR, 0, 0},
        Launch.Grid.rows(value.shape().elements()),
        op.eps(),
        0);
  }

  static void softmax(Lowering out, Value value, Op.Softmax op) {
    int d = op.x().shape().intDim(-1);
    out.emit(
        DeviceKernel.SOFTMAX,
        List.of(out.places().of(value), out.places().of(op.x())),
        new int[] {d},
        Launch.Grid.rows(value.shape().elements() / d));
  }

  static void reduce(Lowering out, Value value, Op.Reduce op) {
    Shape x = op.x().shape();
    int kind =
        switch (op.kind()) {
          case SUM -> 0;
          case MEAN -> 1;
          case MAX -> 2;
        };
    out.emit(
        DeviceKernel.REDUCE,
        List.of(out.places().of(value), out.places().of(op.x())),
        new int[] {x.intDim(op.axis()), Math.toIntExact(x.inner(op.axis())), kind},
        Launch.Grid.rows(value.shape().elements()));
  }

  static void rope(Lowering out, Value value, Op.Rope op) {
    Tables.Rotations table = Tables.rotations(op);
    int pairs = table.headDim() / 2;
    int count = Math.toIntExact(value.shape().elements() / 2);
    out.emit(
        DeviceKernel.ROPE,
        List.of(out.places().of(value), out.places().of(op.x()), out.places().table(table)),
        new int[] {
          count,
          op.heads(),
          pairs,
          table.pairs(0),
          table.pairs(1),
          op.grid().h(),
          op.grid().w(),
          table.start(1),
          table.start(2)
        },
        Launch.Grid.elements(count));
  }

  /** The place of an operand that may be missing; a kernel does not read the other's. */
  static Place optional(Lowering out, @Nullable Value value, Place other) {
    return value == null ? other : out.places().of(value);
  }

  static int flag(@Nullable Value value) {
    return value == null ? 0 : 1;
  }
}
