package org.t3jvm.accel.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.GridRows;
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
    Lowering.rows(
        value.shape().elements() / d,
        out.places().pieces(value).rows(d),
        out.places().pieces(op.x()).rows(d),
        (start, rows, y, x) ->
            out.emit(
                DeviceKernel.NORM,
                List.of(y, x, optional(out, op.weight(), x), optional(out, op.bias(), x)),
                new Numbers()
                    .set(Norm.WIDTH, d)
                    .set(Norm.KIND, kind)
                    .set(Norm.HAS_WEIGHT, op.weight() != null)
                    .set(Norm.HAS_BIAS, op.bias() != null),
                Launch.Grid.rows(rows),
                op.eps(),
                (float) Math.sqrt(d)));
  }

  static void rmsFactor(Lowering out, Value value, Op.RmsFactor op) {
    int d = op.x().shape().intDim(-1);
    Lowering.rows(
        value.shape().elements(),
        out.places().pieces(value),
        out.places().pieces(op.x()).rows(d),
        (start, rows, y, x) ->
            out.emit(
                DeviceKernel.NORM,
                List.of(y, x, x, x),
                new Numbers()
                    .set(Norm.WIDTH, d)
                    .set(Norm.KIND, RMS_FACTOR)
                    .set(Norm.HAS_WEIGHT, false)
                    .set(Norm.HAS_BIAS, false),
                Launch.Grid.rows(rows),
                op.eps(),
                0));
  }

  static void softmax(Lowering out, Value value, Op.Softmax op) {
    int d = op.x().shape().intDim(-1);
    Lowering.rows(
        value.shape().elements() / d,
        out.places().pieces(value).rows(d),
        out.places().pieces(op.x()).rows(d),
        (start, rows, y, x) ->
            out.emit(
                DeviceKernel.SOFTMAX,
                List.of(y, x),
                new Numbers().set(Softmax.WIDTH, d),
                Launch.Grid.rows(rows)));
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
    int width = op.x().shape().intDim(1);
    Lowering.rows(
        op.grid().tokens(),
        out.places().pieces(value).rows(width),
        out.places().pieces(op.x()).rows(width),
        (start, rows, to, from) -> {
          for (GridRows some : GridRows.of(start, rows, op.grid().h(), op.grid().w())) {
            long at = some.row() * width;
            long count = (long) some.rows() * width;
            rope(out, op, some, to.slice(at, count), from.slice(at, count));
          }
        });
  }

  /** Rows that are a grid by themselves, whose angles start elsewhere in the table. */
  private static void rope(Lowering out, Op.Rope op, GridRows some, Place y, Place x) {
    Tables.Rotations table = Tables.rotations(op);
    int first = some.t() * table.pairs(0) * 2;
    Place all = out.places().table(table);
    int count = Math.toIntExact(y.elements() / 2);
    out.emit(
        DeviceKernel.ROPE,
        List.of(y, x, all.slice(first, all.elements() - first)),
        new Numbers()
            .set(Rope.COUNT, count)
            .set(Rope.HEADS, op.heads())
            .set(Rope.PAIRS, table.headDim() / 2)
            .set(Rope.PAIRS_T, table.pairs(0))
            .set(Rope.PAIRS_H, table.pairs(1))
            .set(Rope.GRID_H, some.lines())
            .set(Rope.GRID_W, some.columns())
            .set(Rope.START_H, table.start(1) + some.h() * table.pairs(1) * 2 - first)
            .set(Rope.START_W, table.start(2) + some.w() * table.pairs(2) * 2 - first),
        Launch.Grid.elements(count));
  }

  /** The place of an operand that may be missing; a kernel does not read the other's. */
  static Place optional(Lowering out, @Nullable Value value, Place other) {
    return value == null ? other : out.places().of(value);
  }
}
