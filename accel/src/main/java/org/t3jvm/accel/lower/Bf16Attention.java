package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of attention on tensor cores, by the kernel in Java, which finds windows by itself. */
final class Bf16Attention {
  private static final int TILE = 128;
  private static final int THREADS = 256;
  private static final int GROUPS = Bf16Products.GROUPS;

  /** Work groups that look for the longest rows. */
  private static final int LENGTH_GROUPS = 128;

  private static final int LENGTH_THREADS = 64;

  /** Scratch elements of a work group: results, and the sums of their weights. */
  private static final int ELEMENTS = TILE * (TILE + 8);

  private Bf16Attention() {}

  static void lower(Lowering out, Value value, Op.Attention op) {
    lengths(out, op, op.q(), 0);
    lengths(out, op, op.k(), 1);
    switch (op.pattern()) {
      case AttentionPattern.Full full -> {
        int queries = op.q().shape().intDim(0);
        int keys = op.k().shape().intDim(0);
        int blocks = Math.ceilDiv(queries, TILE);
        attend(out, value, op, new int[] {queries, keys}, 1, blocks, new int[8], 1);
      }
      case AttentionPattern.Windows windows -> {
        for (WindowPart part : WindowPart.of(windows)) {
          windows(out, value, op, part);
        }
      }
      case AttentionPattern.Inward _ -> throw AttentionLowering.unsupported(value);
    }
  }

  private static void windows(Lowering out, Value value, Op.Attention op, WindowPart part) {
    int[] w = part.numbers();
    int[] numbers = {w[0], w[1], w[2], w[3], w[4], w[5], w[6], part.adds() ? 1 : 0};
    int groups = part.windows().counts().windows();
    attend(out, value, op, new int[] {0, 0}, groups, part.blocks(TILE), numbers, part.share());
  }

  private static void lengths(Lowering out, Op.Attention op, Value rows, int which) {
    out.emit(
        DeviceKernel.LENGTHS,
        List.of(out.places().scratch(lengthElements(op)), out.places().bf16(rows)),
        new int[] {rows.shape().intDim(0), op.heads(), op.headDim(), LENGTH_GROUPS, which},
        new Launch.Grid(LENGTH_GROUPS * LENGTH_THREADS, 1, 1, LENGTH_THREADS, 1));
  }

  private static long lengthElements(Op.Attention op) {
    return 2L * LENGTH_GROUPS * op.heads();
  }

  private static void attend(
      Lowering out,
      Value value,
      Op.Attention op,
      int[] rows,
      int groups,
      int blocks,
      int[] windows,
      float share) {
    int[] numbers = new int[6 + windows.length + 2];
    numbers[0] = rows[0];
    numbers[1] = rows[1];
    numbers[2] = op.heads();
    numbers[3] = op.headDim();
    numbers[4] = groups;
    numbers[5] = blocks;
    System.arraycopy(windows, 0, numbers, 6, windows.length);
    numbers[6 + windows.length] = GROUPS;
    numbers[7 + windows.length] = LENGTH_GROUPS;
    out.emit(
        DeviceKernel.ATTENTION_BF16,
        List.of(
            out.places().bf16(value),
            out.places().scratch(lengthElements(op) + (long) GROUPS * ELEMENTS),
            out.places().bf16(op.q()),
            out.places().bf16(op.k()),
            out.places().bf16(op.v())),
        numbers,
        new Launch.Grid(GROUPS * THREADS, 1, 1, THREADS, 1),
        op.scale(),
        share);
  }
}
