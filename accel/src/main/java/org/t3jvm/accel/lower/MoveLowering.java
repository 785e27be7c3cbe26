package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.MoveSlots.CopyStrided;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.Value;

/** Launches of ops that move elements. */
final class MoveLowering {
  private MoveLowering() {}

  static void reshape(Lowering out, Value value, MovementOp.Reshape op) {
    if (!out.places().pieces(value).equals(out.places().pieces(op.x()))) {
      out.copy(value, op.x());
    }
  }

  static void permute(Lowering out, Value value, MovementOp.Permute op) {
    long[] from = op.x().shape().strides();
    long[] to = value.shape().strides();
    Axes axes = new Axes(2);
    for (int i = 0; i < to.length; i++) {
      axes.add(value.shape().dim(i), to[i], from[op.axes().get(i)]);
    }
    move(out, out.places().pieces(value), out.places().pieces(op.x()), 0, 0, axes);
  }

  static void slice(Lowering out, Value value, MovementOp.Slice op) {
    Shape x = op.x().shape();
    Axes axes = new Axes(2);
    long inner = x.inner(op.axis());
    axes.add(x.outer(op.axis()), op.length() * inner, x.dim(op.axis()) * inner);
    axes.add(op.length() * inner, 1, 1);
    move(out, out.places().pieces(value), out.places().pieces(op.x()), 0, op.start() * inner, axes);
  }

  static void concat(Lowering out, Value value, MovementOp.Concat op) {
    long inner = value.shape().inner(op.axis());
    long extent = value.shape().dim(op.axis());
    long start = 0;
    for (Value part : op.parts()) {
      long length = part.shape().dim(op.axis());
      if (part.shape().elements() > 0) {
        Axes axes = new Axes(2);
        axes.add(part.shape().outer(op.axis()), extent * inner, length * inner);
        axes.add(length * inner, 1, 1);
        Pieces y = out.places().pieces(value);
        move(out, y, out.places().pieces(part), start * inner, 0, axes);
      }
      start += length;
    }
  }

  static void broadcast(Lowering out, Value value, GradientOp.Broadcast op) {
    Axes axes = Axes.broadcast(value.shape(), value.shape(), op.x().shape());
    move(out, out.places().pieces(value), out.places().pieces(op.x()), 0, 0, axes);
  }

  static void upsample(Lowering out, Value value, MovementOp.Upsample op) {
    Shape x = op.x().shape();
    int f = op.factor();
    long c = x.dim(3);
    long row = x.dim(2) * c;
    Axes axes = new Axes(2);
    axes.add(x.dim(0) * x.dim(1), row * f * f, row);
    axes.add(f, row * f, 0);
    axes.add(x.dim(2), c * f, c);
    axes.add(f, c, 0);
    axes.add(c, 1, 1);
    move(out, out.places().pieces(value), out.places().pieces(op.x()), 0, 0, axes);
  }

  /** Copies the rows [columns] of a box to lie one after the other. */
  static void gather(Lowering out, Place to, Place from, RowBox box, int columns) {
    move(out, Pieces.of(to), Pieces.of(from), 0, box.row(0) * columns, axes(box, columns, true));
  }

  /** The inverse of {@link #gather}. */
  static void scatter(Lowering out, Place to, Place from, RowBox box, int columns) {
    move(out, Pieces.of(to), Pieces.of(from), box.row(0) * columns, 0, axes(box, columns, false));
  }

  /** Of rows that lie together and of those of the grid; the former come first to gather. */
  private static Axes axes(RowBox box, int columns, boolean gathers) {
    Axes axes = new Axes(2);
    long row = box.w().count();
    long width = box.width();
    add(axes, box.t(), row * box.h().count() * columns, width * box.height() * columns, gathers);
    add(axes, box.h(), row * columns, width * columns, gathers);
    add(axes, box.w(), columns, columns, gathers);
    axes.add(columns, 1, 1);
    return axes;
  }

  private static void add(
      Axes axes, RowBox.Span span, long together, long ofGrid, boolean gathers) {
    long apart = ofGrid * span.step();
    axes.add(span.count(), gathers ? together : apart, gathers ? apart : together);
  }

  /** Moves the elements of a box, starting some elements into both operands. */
  private static void move(Lowering out, Pieces y, Pieces x, long yStart, long xStart, Axes axes) {
    for (Axes.Box box : axes.within(List.of(yStart, xStart), y, x)) {
      int count = box.elements();
      out.emit(
          DeviceKernel.COPY_STRIDED,
          List.of(y.from(box.starts().get(0)), x.from(box.starts().get(1))),
          new Numbers()
              .set(CopyStrided.COUNT, count)
              .set(CopyStrided.AXES, box.axes().count())
              .from(CopyStrided.AXIS, box.axes().numbers()),
          Launch.Grid.elements(count));
    }
  }
}
