package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.slots.ElementwiseSlots.Binary;
import org.t3jvm.accel.slots.ElementwiseSlots.Modulate;
import org.t3jvm.accel.slots.ElementwiseSlots.Narrow;
import org.t3jvm.accel.slots.ElementwiseSlots.Unary;
import org.t3jvm.accel.slots.MoveSlots;
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
      case F32, F64 ->
          out.emit(
              DeviceKernel.COPY,
              List.of(out.places().of(value), out.places().of(op.x())),
              new Numbers().set(MoveSlots.Copy.COUNT, count(value)),
              Launch.Grid.elements(count(value)));
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
    Axes axes = Axes.broadcast(value.shape(), op.a().shape(), op.b().shape());
    out.emit(
        DeviceKernel.BINARY,
        List.of(out.places().of(value), out.places().of(op.a()), out.places().of(op.b())),
        new Numbers()
            .set(Binary.COUNT, count(value))
            .set(Binary.KIND, kind)
            .set(Binary.AXES, axes.count())
            .from(Binary.AXIS, axes.numbers()),
        Launch.Grid.elements(count(value)));
  }

  static void modulate(Lowering out, Value value, Op.Modulate op) {
    ternary(out, value, 0, op.x(), op.scale(), op.shift());
  }

  static void gated(Lowering out, Value value, Op.GatedResidual op) {
    ternary(out, value, 1, op.x(), op.gate(), op.y());
  }

  private static void ternary(
      Lowering out, Value value, int kind, Value x, Value factor, Value added) {
    Shape shape = value.shape();
    Axes axes = Axes.broadcast(shape, x.shape(), factor.shape(), added.shape());
    Places places = out.places();
    out.emit(
        DeviceKernel.MODULATE,
        List.of(places.of(value), places.of(x), places.of(factor), places.of(added)),
        new Numbers()
            .set(Modulate.COUNT, count(value))
            .set(Modulate.KIND, kind)
            .set(Modulate.AXES, axes.count())
            .from(Modulate.AXIS, axes.numbers()),
        Launch.Grid.elements(count(value)));
  }

  private static void function(Lowering out, Value value, Value x, int kind, float... floats) {
    out.emit(
        DeviceKernel.UNARY,
        List.of(out.places().of(value), out.places().of(x)),
        new Numbers().set(Unary.COUNT, count(value)).set(Unary.KIND, kind),
        Launch.Grid.elements(count(value)),
        floats);
  }

  private static void round(
      Lowering out, Value value, Value x, int smallest, float ones, float limit) {
    out.emit(
        DeviceKernel.NARROW,
        List.of(out.places().of(value), out.places().of(x)),
        new Numbers().set(Narrow.COUNT, count(value)).set(Narrow.SMALLEST, smallest),
        Launch.Grid.elements(count(value)),
        ones,
        limit);
  }

  private static int count(Value value) {
    return Math.toIntExact(value.shape().elements());
  }
}
