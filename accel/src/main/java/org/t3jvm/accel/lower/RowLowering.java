package org.t3jvm.accel.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.accel.slots.RowSlots.Norm;
import org.t3jvm.accel.slots.RowSlots.Reduce;
import org.t3jvm.accel.slots.RowSlots.Rope;
import org.t3jvm.accel.slots.RowSlots.Softmax;
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
        new Numbers()
            .set(Norm.WIDTH, d)
            .set(Norm.KIND, kind)
            .set(Norm.HAS_WEIGHT, op.weight() != null)
            .set(Norm.HAS_BIAS, op.bias() != null),
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
        new Numbers()
            .set(Norm.WIDTH, d)
            .set(Norm.KIND, RMS_FACTOR)
            .set(Norm.HAS_WEIGHT, false)
            .set(Norm.HAS_BIAS, false),
        Launch.Grid.rows(value.shape().elements()),
        op.eps(),
        0);
  }

  static void softmax(Lowering out, Value value, Op.Softmax op) {
    int d = op.x().shape().intDim(-1);
    out.emit(
        DeviceKernel.SOFTMAX,
        List.of(out.places().of(value), out.places().of(op.x())),
        new Numbers().set(Softmax.WIDTH, d),
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
        new Numbers()
            .set(Reduce.EXTENT, x.intDim(op.axis()))
            .set(Reduce.INNER, Math.toIntExact(x.inner(op.axis())))
            .set(Reduce.KIND, kind),
        Launch.Grid.rows(value.shape().elements()));
  }

  static void rope(Lowering out, Value value, Op.Rope op) {
    Tables.Rotations table = Tables.rotations(op);
    int pairs = table.headDim() / 2;
    int count = Math.toIntExact(value.shape().elements() / 2);
    out.emit(
        DeviceKernel.ROPE,
        List.of(out.places().of(value), out.places().of(op.x()), out.places().table(table)),
        new Numbers()
            .set(Rope.COUNT, count)
            .set(Rope.HEADS, op.heads())
            .set(Rope.PAIRS, pairs)
            .set(Rope.PAIRS_T, table.pairs(0))
            .set(Rope.PAIRS_H, table.pairs(1))
            .set(Rope.GRID_H, op.grid().h())
            .set(Rope.GRID_W, op.grid().w())
            .set(Rope.START_H, table.start(1))
            .set(Rope.START_W, table.start(2)),
        Launch.Grid.elements(count));
  }

  /** The place of an operand that may be missing; a kernel does not read the other's. */
  static Place optional(Lowering out, @Nullable Value value, Place other) {
    return value == null ? other : out.places().of(value);
  }
}
