package org.t3jvm.bench.report;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.run.BenchRun;
import org.t3jvm.bench.run.CaseResult;
import org.t3jvm.tensor.backend.Precision;

/** Results as a table for a terminal, a row as soon as its case is done. */
public final class TableReport implements BenchRun.Listener {
  private static final String FIRST_COLUMNS = "%-24s %-48s %10s %-9s %6s";

  private final PrintWriter out;
  private final PrintWriter err;
  private final List<String> peers;
  private final Set<String> reported = new HashSet<>();

  /** A table with a column for each of {@code peers}; differences go to {@code err}. */
  public TableReport(PrintWriter out, PrintWriter err, List<String> peers) {
    this.out = out;
    this.err = err;
    this.peers = List.copyOf(peers);
  }

  /** What comes before all suites. */
  public void begin(Machine machine, int threads, Precision precision) {
    line("%s", machine.description());
    line(
        "%d %s, %s; medians over repetitions in turns; %% of fused multiply-adds on registers,"
            + " of a copy for elementwise%s",
        threads,
        threads == 1 ? "thread" : "threads",
        name(precision),
        peers.isEmpty() ? "" : "; ratio to each peer, above 1: ours is faster");
  }

  @Override
  public void peak(double fmaPeak) {
    line("fused multiply-adds on registers: %.0f GFLOP/s", fmaPeak);
  }

  @Override
  public void suite(Suite suite) {
    line("");
    StringBuilder header =
        new StringBuilder(
            String.format(Locale.ROOT, FIRST_COLUMNS, suite.label(), "shape", "", "", "% peak"));
    peers.forEach(peer -> header.append("  ").append(peer));
    line("%s", header);
  }

  @Override
  public void result(CaseResult result) {
    StringBuilder row =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                FIRST_COLUMNS,
                result.benchCase().name(),
                result.benchCase().shape(),
                figure(result.value()),
                result.benchCase().metric().unit(),
                result.percentOfPeak().isPresent()
                    ? String.format(Locale.ROOT, "%.1f", result.percentOfPeak().getAsDouble())
                    : "-"));
    for (String peer : peers) {
      Double ratio = result.ratios().get(peer);
      String cell = ratio == null ? "-" : String.format(Locale.ROOT, "%.2f", ratio);
      row.append("  ").append(" ".repeat(Math.max(0, peer.length() - cell.length()))).append(cell);
    }
    line("%s", row);
    result
        .differences()
        .forEach(
            difference -> {
              out.flush();
              err.println("t3: " + result.benchCase().id() + ": " + difference);
              err.flush();
            });
    result
        .absent()
        .forEach(
            (peer, reason) -> {
              if (reported.add(result.benchCase().suite() + peer)) {
                line("  %s did not run (-): %s", peer, reason);
              }
            });
  }

  /** As on the command line. */
  static String name(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT);
  }

  static String figure(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : value < 100 ? "%.2f" : "%.1f", value);
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    out.flush();
  }
}
