package org.t3jvm.model.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All ops of one kind together.
 *
 * @param op the kind: names of ops computed together, joined by +
 * @param count how often
 * @param nanos time in all
 * @param share of the time of all ops, 0 to 1
 * @param bytes read and written
 * @param flop floating-point operations
 */
record OpTotals(String op, long count, long nanos, double share, long bytes, double flop) {
  double gflopPerSecond() {
    return nanos == 0 ? 0 : flop / nanos;
  }

  double gigabytesPerSecond() {
    return nanos == 0 ? 0 : (double) bytes / nanos;
  }

  /** Totals by kind, the longest first. */
  static List<OpTotals> of(List<Span> spans) {
    Map<String, OpTotals> totals = new HashMap<>();
    long all = 0;
    for (Span span : spans) {
      OpCost cost = span.cost();
      if (cost != null) {
        all += span.nanos();
        OpTotals one = new OpTotals(cost.op(), 1, span.nanos(), 0, cost.bytes(), cost.flop());
        totals.merge(cost.op(), one, OpTotals::plus);
      }
    }
    List<OpTotals> sorted = new ArrayList<>();
    for (OpTotals t : totals.values()) {
      double share = all == 0 ? 0 : (double) t.nanos / all;
      sorted.add(new OpTotals(t.op, t.count, t.nanos, share, t.bytes, t.flop));
    }
    sorted.sort(Comparator.comparingLong(OpTotals::nanos).reversed().thenComparing(OpTotals::op));
    return sorted;
  }

  private OpTotals plus(OpTotals other) {
    return new OpTotals(
        op, count + other.count, nanos + other.nanos, 0, bytes + other.bytes, flop + other.flop);
  }
}
