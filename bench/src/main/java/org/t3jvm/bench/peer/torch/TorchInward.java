package org.t3jvm.bench.peer.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.RowBox;
import org.t3jvm.tensor.graph.RowMap;

/**
 * Attention in windows that slide (SPEC 20.2), for libtorch alone has no block masks: one call for
 * the queries of a box of tokens, in all frames, with the keys that any of them attends to, and a
 * mask. Frames are a batch that shares keys and mask.
 *
 * @param side tokens of a box of queries along h and w at most; a whole frame gives masked dense
 *     attention
 */
record TorchInward(TorchOps ops, TorchMasks masks, Op.Attention op, int side) {
  /** The result [Nq, heads*d] of operands [N, heads*d]. */
  TorchTensor compute(TorchTensor q, TorchTensor k, TorchTensor v) {
    int rows = op.q().shape().intDim(0);
    RowMap map = op.pattern().rows(rows, op.k().shape().dim(0));
    RowMap.Tile all = map.passes().getFirst().tiles().getFirst();
    List<TorchTensor> results = new ArrayList<>();
    long[] places = new long[rows];
    int done = 0;
    for (RowBox.Span h : split(all.queries().h())) {
      for (RowBox.Span w : split(all.queries().w())) {
        RowMap.Tile part = all.part(all.queries().t(), h, w);
        long[] queries = rows(part.queries().rows(), part.queries()::row);
        // What a call takes beside its result is freed with it.
        try (TorchOps own = new TorchOps(ops.torch())) {
          TorchInward call = new TorchInward(own, masks, op, side);
          results.add(ops.own(own.release(call.attend(part, queries, q, k, v))));
        }
        for (long query : queries) {
          places[(int) query] = done++;
        }
      }
    }
    return results.size() == 1 ? results.getFirst() : ops.rows(ops.concat(results, 0), places);
  }

  private TorchTensor attend(
      RowMap.Tile part, long[] queries, TorchTensor q, TorchTensor k, TorchTensor v) {
    long[] keys = rows(part.keys(), part::key);
    int frames = part.queries().t().count();
    TorchTensor y =
        TorchAttention.attend(
            ops,
            op,
            TorchAttention.batch(ops, op, taken(q, queries), frames),
            ops.repeat(TorchAttention.batch(ops, op, taken(k, keys), 1), frames),
            ops.repeat(TorchAttention.batch(ops, op, taken(v, keys), 1), frames),
            masks.of(part));
    return TorchAttention.rows(ops, y);
  }

  /** Rows of x, which are not copied where they are all of them: both are numbered upwards. */
  private TorchTensor taken(TorchTensor x, long[] rows) {
    return rows.length == x.sizes()[0] ? x : ops.rows(x, rows);
  }

  private List<RowBox.Span> split(RowBox.Span all) {
    List<RowBox.Span> spans = new ArrayList<>();
    for (int i = 0; i < all.count(); i += side) {
      spans.add(new RowBox.Span(all.at(i), Math.min(side, all.count() - i), 1));
    }
    return spans;
  }

  private static long[] rows(int count, IntToLongFunction row) {
    return IntStream.range(0, count).mapToLong(row).toArray();
  }
}
