package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.accel.slots.RowSlots.Lengths;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of attention on tensor cores, by the kernel in Java, which finds windows by itself. */
final class Bf16Attention {
  private static final int TILE = DeviceKernel.ATTENTION_BF16.tile();
  private static final int THREADS = 256;
  private static final int GROUPS = Bf16Products.GROUPS;

  /** Work groups that look for the longest rows. */
  private static final int LENGTH_GROUPS = 128;

  private static final int LENGTH_THREADS = 64;

  /** Scratch elements of a work group: results, and the sums of their weights. */
  private static final int ELEMENTS = TILE * (TILE + 8);

  private Bf16Attention() {}

  static void lower(Lowering out, Value value, Op.Attention op) {
    switch (op.pattern()) {
      case AttentionPattern.Full full -> {
        int keys = op.k().shape().intDim(0);
        int columns = op.q().shape().intDim(1);
        Lowering.rows(
            op.q().shape().dim(0),
            out.places().bf16Pieces(value).rows(columns),
            out.places().bf16Pieces(op.q()).rows(columns),
            (start, queries, y, q) -> {
              lengths(out, op, q, queries, keys);
              Numbers numbers =
                  WindowPart.rows(queries, keys, TILE)
                      .set(AttentionBf16.ROW_GROUPS, 1)
                      .set(AttentionBf16.ADDS, false);
              attend(out, op, y, q, numbers, 1);
            });
      }
      case AttentionPattern.Windows windows -> {
        Place q = out.places().bf16(op.q());
        lengths(out, op, q, op.q().shape().intDim(0), op.k().shape().intDim(0));
        for (WindowPart part : WindowPart.of(windows)) {
          windows(out, value, op, q, part);
        }
      }
      case AttentionPattern.Inward _ -> throw AttentionLowering.unsupported(value);
    }
  }

  private static void windows(
      Lowering out, Value value, Op.Attention op, Place q, WindowPart part) {
    Numbers numbers =
        part.numbers(TILE)
            .set(AttentionBf16.ROW_GROUPS, part.windows().counts().windows())
            .set(AttentionBf16.ADDS, part.adds());
    attend(out, op, out.places().bf16(value), q, numbers, part.share());
  }

  /** The longest rows of each head of the queries and of the keys. */
  private static void lengths(Lowering out, Op.Attention op, Place q, int queries, int keys) {
    lengthsOf(out, op, q, queries, 0);
    lengthsOf(out, op, out.places().bf16(op.k()), keys, 1);
  }

  private static void lengthsOf(Lowering out, Op.Attention op, Place rows, int count, int which) {
    out.emit(
        DeviceKernel.LENGTHS,
        List.of(out.places().scratch(lengthElements(op)), rows),
        new Numbers()
            .set(Lengths.ROWS, count)
            .set(Lengths.HEADS, op.heads())
            .set(Lengths.HEAD_DIM, op.headDim())
            .set(Lengths.GROUPS, LENGTH_GROUPS)
            .set(Lengths.WHICH, which),
        new Launch.Grid(LENGTH_GROUPS * LENGTH_THREADS, 1, 1, LENGTH_THREADS, 1));
  }

  private static long lengthElements(Op.Attention op) {
    return 2L * LENGTH_GROUPS * op.heads();
  }

  private static void attend(
      Lowering out, Op.Attention op, Place y, Place q, Numbers numbers, float share) {
    out.emit(
        DeviceKernel.ATTENTION_BF16,
        List.of(
            y,
            out.places().scratch(lengthElements(op) + (long) GROUPS * ELEMENTS),
            q,
            out.places().bf16(op.k()),
            out.places().bf16(op.v())),
        numbers
            .set(AttentionBf16.HEADS, op.heads())
            .set(AttentionBf16.HEAD_DIM, op.headDim())
            .set(AttentionBf16.GROUPS, GROUPS)
            .set(AttentionBf16.LENGTH_GROUPS, LENGTH_GROUPS),
        new Launch.Grid(GROUPS * THREADS, 1, 1, THREADS, 1),
        op.scale(),
        share);
  }
}
