package org.t3jvm.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.run.CaseResult;
import org.t3jvm.model.html.HtmlPage;
import org.t3jvm.tensor.backend.Precision;

/** Results as one HTML page that needs nothing else: charts as SVG, then every figure. */
public final class HtmlReport {
  private final Machine machine;
  private final int threads;
  private final Precision precision;
  private final List<CaseResult> results;
  private final List<String> peers;
  private final HtmlPage page = new HtmlPage("T3 JVM benchmarks", "");

  private HtmlReport(Machine machine, int threads, Precision precision, List<CaseResult> results) {
    this.machine = machine;
    this.threads = threads;
    this.precision = precision;
    this.results = results;
    this.peers = results.stream().flatMap(r -> r.ratios().keySet().stream()).distinct().toList();
  }

  /** The whole page. */
  public static String of(
      Machine machine, int threads, Precision precision, List<CaseResult> results) {
    return new HtmlReport(machine, threads, precision, results).page();
  }

  private String page() {
    page.paragraph(machine.description());
    page.paragraph(
        ("%d %s, %s. Medians of repetitions in turns, on the same data, in one process. Longer bars"
                + " are faster, but for times. The thin bar is the share of what the machine"
                + " reached beside it: fused multiply-adds on registers alone, or a plain copy for"
                + " elementwise ops.")
            .formatted(threads, threads == 1 ? "thread" : "threads", TableReport.name(precision)));
    for (Suite suite : Suite.values()) {
      List<CaseResult> ofSuite =
          results.stream().filter(r -> r.benchCase().suite() == suite).toList();
      if (!ofSuite.isEmpty()) {
        page.section(suite.label());
        page.html(new BarChart(peers).draw(ofSuite));
        table(ofSuite);
      }
    }
    return page.text();
  }

  private void table(List<CaseResult> ofSuite) {
    List<String> shown =
        peers.stream()
            .filter(peer -> ofSuite.stream().anyMatch(r -> r.ratios().containsKey(peer)))
            .toList();
    List<String> header = new ArrayList<>(List.of("case", "shape", "value", "unit", "% of peak"));
    shown.forEach(peer -> header.add("vs " + peer));
    List<List<String>> rows = new ArrayList<>();
    for (CaseResult r : ofSuite) {
      List<String> cells = new ArrayList<>();
      cells.add(r.benchCase().name());
      cells.add(r.benchCase().shape());
      cells.add(TableReport.figure(r.value()));
      cells.add(r.benchCase().metric().unit());
      cells.add(
          r.percentOfPeak().isPresent()
              ? String.format(Locale.ROOT, "%.1f", r.percentOfPeak().getAsDouble())
              : "");
      for (String peer : shown) {
        Double ratio = r.ratios().get(peer);
        cells.add(ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio));
      }
      rows.add(cells);
    }
    page.table(header, rows);
  }
}
