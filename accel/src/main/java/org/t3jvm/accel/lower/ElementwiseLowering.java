package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.ElementwiseSlots.Binary;
import org.t3jvm.accel.slots.ElementwiseSlots.Modulate;
import org.t3jvm.accel.slots.ElementwiseSlots.Narrow;
import org.t3jvm.accel.slots.ElementwiseSlots.Unary;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of elementwise ops; the numbers of the functions are the kernels'. */
final class ElementwiseLowering {
  private static final int AFFINE = 4;
  private static final int CLAMP = 5;
  private static final int WHOLE = 6;
  private static final int LOW_BITS = 7;
  private static final int SIGNED_LOW_BITS = 8;
  private static final int NOT_ZERO = 9;

  private ElementwiseLowering() {}

  static void unary(Lowering out, Value value, Op.Unary op) {
    int kind =
        switch (op.kind()) {
          case SILU -> 0;
          case GELU_TANH -> 1;
          case EXP -> 2;
          case SQRT -> 3;
        };
    function(out, value, op.x(), kind);
  }

  static void affine(Lowering out, Value value, Op.Affine op) {
    function(out, value, op.x(), AFFINE, op.scale(), op.offset());
  }

  static void clamp(Lowering out, Value value, Op.Clamp op) {
    function(out, value, op.x(), CLAMP, op.low(), op.high());
  }

  /** Rounds to what the dtype holds; the elements stay F32. */
  static void cast(Lowering out, Value value, MovementOp.Cast op) {
    switch (op.dtype()) {
      case F32, F64 -> out.copy(value, op.x());
      case BF16 -> round(out, value, op.x(), -126, 0x1p7f, Float.POSITIVE_INFINITY);
      case F16 -> round(out, value, op.x(), -14, 0x1p10f, 65520);
      case F8_E4M3 -> round(out, value, op.x(), -6, 0x1p3f, Math.nextUp(464f));
      case F8_E5M2 -> round(out, value, op.x(), -14, 0x1p2f, 61440);
      case I64, I32 -> function(out, value, op.x(), WHOLE);
      case U8 -> function(out, value, op.x(), LOW_BITS);
      case I8 -> function(out, value, op.x(), SIGNED_LOW_BITS);
      case BOOL -> function(out, value, op.x(), NOT_ZERO);
    }
  }

  static void binary(Lowering out, Value value, Op.Binary op) {
    int kind =
        switch (op.kind()) {
          case ADD -> 0;
          case SUB -> 1;
          case MUL -> 2;
          case DIV -> 3;
        };
    broadcast(
        out,
        value,
        List.of(op.a(), op.b()),
        (box, operands) ->
            out.emit(
                DeviceKernel.BINARY,
                operands,
                new Numbers()
                    .set(Binary.COUNT, box.elements())
                    .set(Binary.KIND, kind)
                    .set(Binary.AXES, box.axes().count())
                    .from(Binary.AXIS, box.axes().numbers()),
                Launch.Grid.elements(box.elements())));
  }

  static void modulate(Lowering out, Value value, Op.Modulate op) {
    ternary(out, value, 0, op.x(), op.scale(), op.shift());
  }

  static void gated(Lowering out, Value value, Op.GatedResidual op) {
    ternary(out, value, 1, op.x(), op.gate(), op.y());
  }

  private static void ternary(
      Lowering out, Value value, int kind, Value x, Value factor, Value added) {
    broadcast(
        out,
        value,
        List.of(x, factor, added),
        (box, operands) ->
            out.emit(
                DeviceKernel.MODULATE,
                operands,
                new Numbers()
                    .set(Modulate.COUNT, box.elements())
                    .set(Modulate.KIND, kind)
                    .set(Modulate.AXES, box.axes().count())
                    .from(Modulate.AXIS, box.axes().numbers()),
                Launch.Grid.elements(box.elements())));
  }

  private interface Broadcasting {
    void emit(Axes.Box box, List<Place> operands);
  }

  /** Elements of a value whose operands are broadcast, in boxes that lie in one place each. */
  private static void broadcast(
      Lowering out, Value value, List<Value> operands, Broadcasting launch) {
    Axes axes =
        Axes.broadcast(value.shape(), operands.stream().map(Value::shape).toArray(Shape[]::new));
    Pieces y = out.places().pieces(value);
    List<Pieces> read = operands.stream().map(out.places()::pieces).toList();
    List<Pieces> apart = new ArrayList<>(List.of(y));
    for (int i = 0; i < read.size(); i++) {
      if (operands.get(i).shape().equals(value.shape())) {
        apart.add(read.get(i));
      }
    }
    Pieces.parts(
        value.shape().elements(),
        (start, count) -> {
          for (Axes.Box box : axes.range(start, start + count)) {
            List<Place> places = new ArrayList<>(List.of(y.from(box.at())));
            for (int i = 0; i < read.size(); i++) {
              places.add(read.get(i).from(box.starts().get(i)));
            }
            launch.emit(box, places);
          }
        },
        apart.toArray(Pieces[]::new));
  }

  private static void function(Lowering out, Value value, Value x, int kind, float... floats) {
    out.each(
        value,
        x,
        (start, count, to, from) ->
            out.emit(
                DeviceKernel.UNARY,
                List.of(to, from),
                new Numbers().set(Unary.COUNT, count).set(Unary.KIND, kind),
                Launch.Grid.elements(count),
                floats));
  }

  private static void round(
      Lowering out, Value value, Value x, int smallest, float ones, float limit) {
    out.each(
        value,
        x,
        (start, count, to, from) ->
            out.emit(
                DeviceKernel.NARROW,
                List.of(to, from),
                new Numbers().set(Narrow.COUNT, count).set(Narrow.SMALLEST, smallest),
                Launch.Grid.elements(count),
                ones,
                limit));
  }
}
