package org.t3jvm.accel.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.AttentionSlots.Attention;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of attention: one for each grouping of its pattern. */
final class AttentionLowering {
  private static final int QUERIES = 64;
  private static final int COLUMNS = 128;
  private static final int GROUP = 256;

  private AttentionLowering() {}

  static void lower(Lowering out, Value value, Op.Attention op) {
    switch (op.pattern()) {
      case AttentionPattern.Full full -> full(out, value, op);
      case AttentionPattern.Windows windows -> {
        for (WindowPart part : WindowPart.of(windows)) {
          windows(out, value, op, part);
        }
      }
      case AttentionPattern.Inward _ -> throw unsupported(value);
    }
  }

  /** A space refuses such windows before anything is lowered. */
  static IllegalStateException unsupported(Value value) {
    return new IllegalStateException(value + " has windows that slide");
  }

  private static void full(Lowering out, Value value, Op.Attention op) {
    int queries = op.q().shape().intDim(0);
    int keys = op.k().shape().intDim(0);
    int headStride = 0;
    int queryStride = 0;
    Value bias = op.bias();
    if (bias != null) {
      Shape shape = bias.shape();
      queryStride = shape.dim(1) == 1 ? 0 : keys;
      headStride = shape.dim(0) == 1 ? 0 : Math.multiplyExact(shape.intDim(1), keys);
    }
    Numbers numbers =
        WindowPart.rows(queries, keys, QUERIES)
            .set(Attention.HAS_BIAS, bias != null)
            .set(Attention.BIAS_HEAD, headStride)
            .set(Attention.BIAS_QUERY, queryStride)
            .set(Attention.ADDS, false);
    emit(out, value, op, bias, Math.ceilDiv(queries, QUERIES), numbers, 1);
  }

  private static void windows(Lowering out, Value value, Op.Attention op, WindowPart part) {
    Numbers numbers =
        part.numbers(QUERIES)
            .set(Attention.HAS_BIAS, false)
            .set(Attention.BIAS_HEAD, 0)
            .set(Attention.BIAS_QUERY, 0)
            .set(Attention.ADDS, part.adds());
    long groups = (long) part.blocks(QUERIES) * part.windows().counts().windows();
    emit(out, value, op, null, groups, numbers, part.share());
  }

  private static void emit(
      Lowering out,
      Value value,
      Op.Attention op,
      @Nullable Value bias,
      long groups,
      Numbers numbers,
      float share) {
    Place q = out.places().of(op.q());
    long columns = (long) op.heads() * Math.ceilDiv(op.headDim(), COLUMNS);
    Launch.Grid grid =
        new Launch.Grid(Math.toIntExact(groups * GROUP), Math.toIntExact(columns), 1, GROUP, 1);
    out.emit(
        DeviceKernel.ATTENTION,
        List.of(
            out.places().of(value),
            q,
            out.places().of(op.k()),
            out.places().of(op.v()),
            RowLowering.optional(out, bias, q)),
        numbers.set(Attention.HEADS, op.heads()).set(Attention.HEAD_DIM, op.headDim()),
        grid,
        op.scale(),
        share);
  }
}
