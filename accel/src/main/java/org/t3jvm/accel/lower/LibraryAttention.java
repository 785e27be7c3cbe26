package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.Value;

/**
 * Launches of attention by NVIDIA's library, which takes contiguous rows: those of windows are
 * gathered first, and the results scattered back.
 */
final class LibraryAttention {
  private LibraryAttention() {}

  /** The tables of token rows that an attention takes: none for windows that lie in token order. */
  static List<Tables.WindowRows> tables(Op.Attention op, KernelSource kernels) {
    if (kernels != KernelSource.LIBRARY
        || !(op.pattern() instanceof AttentionPattern.Windows windows)) {
      return List.of();
    }
    List<List<RowBox>> parts = WindowPart.of(windows).stream().map(WindowPart::boxes).toList();
    boolean whole = WindowBatches.of(parts.getFirst()).inOrder();
    return parts.stream().skip(whole ? 1 : 0).map(Tables.WindowRows::new).toList();
  }

  static void lower(Lowering out, Value value, Op.Attention op) {
    Places places = out.places();
    switch (op.pattern()) {
      case AttentionPattern.Full full -> {
        int keys = op.k().shape().intDim(0);
        int columns = op.q().shape().intDim(1);
        Place k = places.bf16(op.k());
        Place v = places.bf16(op.v());
        Lowering.rows(
            op.q().shape().dim(0),
            places.bf16Pieces(value).rows(columns),
            places.bf16Pieces(op.q()).rows(columns),
            (start, queries, y, q) -> attend(out, op, y, q, k, v, queries, keys, 1));
      }
      case AttentionPattern.Windows windows -> {
        for (WindowPart part : WindowPart.of(windows)) {
          windows(out, op, places.bf16(value), part);
        }
      }
      case AttentionPattern.Inward _ -> throw AttentionLowering.unsupported(value);
    }
  }

  private static void windows(Lowering out, Op.Attention op, Place y, WindowPart part) {
    Places places = out.places();
    List<RowBox> boxes = part.boxes();
    WindowBatches batches = WindowBatches.of(boxes);
    if (!part.adds() && batches.inOrder()) {
      attend(out, op, batches, y, places.bf16(op.q()), places.bf16(op.k()), places.bf16(op.v()));
      return;
    }
    Place rows = places.table(new Tables.WindowRows(boxes)).slice(0, op.q().shape().dim(0));
    int words = op.q().shape().intDim(1) / 2;
    Place q = places.room(Room.What.QUERIES);
    Place k = places.room(Room.What.KEYS);
    Place v = places.room(Room.What.VALUES);
    Place results = places.room(Room.What.RESULTS);
    out.emit(PackedRows.gather(q, places.bf16(op.q()), rows, words));
    out.emit(PackedRows.gather(k, places.bf16(op.k()), rows, words));
    out.emit(PackedRows.gather(v, places.bf16(op.v()), rows, words));
    attend(out, op, batches, results, q, k, v);
    out.emit(
        part.adds()
            ? PackedRows.average(y, results, rows, words)
            : PackedRows.scatter(y, results, rows, words));
  }

  /** Attention of windows whose rows lie together, in the order of the batches. */
  private static void attend(
      Lowering out, Op.Attention op, WindowBatches batches, Place y, Place q, Place k, Place v) {
    int words = op.q().shape().intDim(1) / 2;
    for (WindowBatches.Batch batch : batches.batches()) {
      long start = (long) batch.start() * words;
      long length = (long) batch.rows() * words;
      attend(
          out,
          op,
          y.slice(start, length),
          q.slice(start, length),
          k.slice(start, length),
          v.slice(start, length),
          batch.tokens(),
          batch.tokens(),
          batch.windows().size());
    }
  }

  private static void attend(
      Lowering out,
      Op.Attention op,
      Place y,
      Place q,
      Place k,
      Place v,
      int queries,
      int keys,
      int groups) {
    out.emit(
        DeviceKernel.ATTENTION_BF16,
        List.of(y, out.places().scratch(1), q, k, v),
        WindowPart.rows(queries, keys, queries)
            .set(AttentionBf16.HEADS, op.heads())
            .set(AttentionBf16.HEAD_DIM, op.headDim())
            .set(AttentionBf16.ROW_GROUPS, groups)
            .set(AttentionBf16.ADDS, false)
            .set(AttentionBf16.GROUPS, 0)
            .set(AttentionBf16.LENGTH_GROUPS, 0),
        Launch.Grid.elements(1),
        op.scale(),
        1);
  }
}
