package org.t3jvm.model.profile;

import java.util.List;
import java.util.Locale;

/**
 * Where the time of a run went.
 *
 * @param totals by kind of op, the longest first
 */
record ProfileSummary(List<OpTotals> totals) {
  private static final int LINES = 8;

  ProfileSummary {
    totals = List.copyOf(totals);
  }

  /** The kinds that took longest, a line each. */
  List<String> lines() {
    return totals.stream().limit(LINES).map(ProfileSummary::line).toList();
  }

  private static String line(OpTotals t) {
    String rate =
        t.flop() > 0
            ? String.format(Locale.ROOT, "%.1f GFLOP/s", t.gflopPerSecond())
            : String.format(Locale.ROOT, "%.1f GB/s", t.gigabytesPerSecond());
    return String.format(
        Locale.ROOT,
        "%5.1f %%  %9.1f ms  %6d times  %14s  %s",
        100 * t.share(),
        t.nanos() / 1e6,
        t.count(),
        rate,
        t.op());
  }
}
