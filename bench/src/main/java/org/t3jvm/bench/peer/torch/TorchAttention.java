package org.t3jvm.bench.peer.torch;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.AttentionPattern.Windows;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * {@code scaled_dot_product_attention} over all keys, or over all windows at once as a batch of
 * window [G, heads, L, d] (SPEC 5). Such a batch takes equal windows only. Windows that slide are
 * {@link TorchInward}'s.
 *
 * @param upstream T3-Video's algorithm: both passes always, with queries, keys, values and results
 *     copied into and out of windows in each; else a pass that repeats another is skipped, and
 *     windows that lie in one piece are not copied; and windows that slide by a mask over all keys
 */
record TorchAttention(boolean upstream) {
  /** Smaller boxes copy more keys, larger ones have more that are masked. */
  private static final int SIDE = 8;

  /** The result [Nq, heads*d] of operands [N, heads*d]. */
  TorchTensor compute(
      TorchOps ops,
      Op.Attention op,
      TorchTensor q,
      TorchTensor k,
      TorchTensor v,
      @Nullable TorchTensor bias,
      TorchMasks masks) {
    return switch (op.pattern()) {
      case AttentionPattern.Full full -> full(ops, op, q, k, v, bias);
      case Windows windows -> windows(ops, op, upstream ? windows : windows.simplified(), q, k, v);
      case AttentionPattern.Inward inward ->
          new TorchInward(ops, masks, op, upstream ? wholeFrame(inward.grid()) : SIDE)
              .compute(q, k, v);
    };
  }

  private static int wholeFrame(TokenGrid grid) {
    return Math.max(grid.h(), grid.w());
  }

  private static TorchTensor full(
      TorchOps ops,
      Op.Attention op,
      TorchTensor q,
      TorchTensor k,
      TorchTensor v,
      @Nullable TorchTensor bias) {
    TorchTensor mask = null;
    if (bias != null) {
      long[] s = bias.sizes();
      mask = ops.reshape(bias, 1, s[0], s[1], s[2]);
    }
    TorchTensor y =
        attend(ops, op, batch(ops, op, q, 1), batch(ops, op, k, 1), batch(ops, op, v, 1), mask);
    return rows(ops, y);
  }

  private TorchTensor windows(
      TorchOps ops, Op.Attention op, Windows pattern, TorchTensor q, TorchTensor k, TorchTensor v) {
    even(pattern);
    if (pattern.grouping() != Grouping.BOTH) {
      return pass(ops, op, pattern, pattern.grouping(), q, k, v);
    }
    TorchTensor close = pass(ops, op, pattern, Grouping.CLOSE, q, k, v);
    TorchTensor remote = pass(ops, op, pattern, Grouping.REMOTE, q, k, v);
    if (upstream) {
      return ops.call(AtFunction.MUL_SCALAR, ops.call(AtFunction.ADD, close, remote, 1.0), 0.5);
    }
    return ops.call(AtFunction.LERP, close, remote, 0.5);
  }

  /** The windows, which must be equal. */
  static Windows even(Windows pattern) {
    if (!pattern.counts().divides(pattern.grid())) {
      throw new BackendException(
          "libtorch: not supported: windows %s that do not divide the token grid %s"
              .formatted(pattern.counts(), pattern.grid()));
    }
    return pattern;
  }

  private TorchTensor pass(
      TorchOps ops,
      Op.Attention op,
      Windows pattern,
      Grouping grouping,
      TorchTensor q,
      TorchTensor k,
      TorchTensor v) {
    TorchTensor y =
        attend(
            ops,
            op,
            batch(ops, op, gather(ops, q, pattern, grouping), pattern.counts().windows()),
            batch(ops, op, gather(ops, k, pattern, grouping), pattern.counts().windows()),
            batch(ops, op, gather(ops, v, pattern, grouping), pattern.counts().windows()),
            null);
    return scatter(ops, rows(ops, y), pattern, grouping);
  }

  /** Rows [N, D] in the order of their windows. */
  TorchTensor gather(TorchOps ops, TorchTensor x, Windows p, Grouping grouping) {
    long d = x.sizes()[1];
    boolean close = grouping == Grouping.CLOSE;
    TorchTensor split = ops.reshape(x, split(p, close, d));
    TorchTensor grouped =
        close ? ops.permute(split, 0, 2, 4, 1, 3, 5, 6) : ops.permute(split, 1, 3, 5, 0, 2, 4, 6);
    return ops.reshape(upstream ? ops.copy(grouped, x.dtype()) : grouped, p.grid().tokens(), d);
  }

  /** The inverse of {@link #gather}. */
  TorchTensor scatter(TorchOps ops, TorchTensor y, Windows p, Grouping grouping) {
    long d = y.sizes()[1];
    long[] s = split(p, true, d);
    TorchTensor split = ops.reshape(y, s[0], s[2], s[4], s[1], s[3], s[5], d);
    TorchTensor grid =
        grouping == Grouping.CLOSE
            ? ops.permute(split, 0, 3, 1, 4, 2, 5, 6)
            : ops.permute(split, 3, 0, 4, 1, 5, 2, 6);
    return ops.reshape(upstream ? ops.copy(grid, y.dtype()) : grid, p.grid().tokens(), d);
  }

  /** Each axis as (windows, members), for contiguous ones, or (members, windows). */
  private static long[] split(Windows p, boolean close, long d) {
    long nt = p.counts().t();
    long nh = p.counts().h();
    long nw = p.counts().w();
    long wt = p.grid().t() / nt;
    long wh = p.grid().h() / nh;
    long ww = p.grid().w() / nw;
    return close ? new long[] {nt, wt, nh, wh, nw, ww, d} : new long[] {wt, nt, wh, nh, ww, nw, d};
  }

  /** [groups * L, heads*d] as [groups, heads, L, d], a view if rows are dense. */
  static TorchTensor batch(TorchOps ops, Op.Attention op, TorchTensor x, long groups) {
    long rows = x.sizes()[0] / groups;
    return ops.permute(ops.reshape(x, groups, rows, op.heads(), op.headDim()), 0, 2, 1, 3);
  }

  /** [groups, heads, L, d] as [groups * L, heads*d]. */
  static TorchTensor rows(TorchOps ops, TorchTensor y) {
    long[] s = y.sizes();
    return ops.reshape(ops.permute(y, 0, 2, 1, 3), s[0] * s[2], s[1] * s[3]);
  }

  static TorchTensor attend(
      TorchOps ops,
      Op.Attention op,
      TorchTensor q,
      TorchTensor k,
      TorchTensor v,
      @Nullable TorchTensor mask) {
    return ops.call(AtFunction.ATTENTION, q, k, v, mask, 0.0, false, (double) op.scale(), false);
  }
}
