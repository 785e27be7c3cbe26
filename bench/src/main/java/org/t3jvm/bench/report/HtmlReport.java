package org.t3jvm.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.run.CaseResult;

/** Results as one HTML page that needs nothing else: charts as SVG, then every figure. */
public final class HtmlReport {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --bg: #fcfcfb; --fg: #1c1d20; --soft: #63666d;
        --line: #dddfe3; --ours: #2458c5; --c1: #b8862b; --c2: #8a6fae; --c3: #4f8f6b;
        --c4: #a9605a; }
      @media (prefers-color-scheme: dark) { :root { --bg: #17181b; --fg: #e8e8ea; --soft: #9a9da5;
        --line: #34363c; --ours: #7ba4f7; --c1: #d9ae5f; --c2: #b6a0d6; --c3: #7fbf9b;
        --c4: #d6918b; } }
      body { background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif;
        max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .4rem; }
      p { color: var(--soft); margin: .2rem 0; }
      svg { width: 100%; height: auto; display: block; } svg text { fill: var(--fg); }
      svg .soft { fill: var(--soft); } svg .track { fill: var(--line); }
      .ours { fill: var(--ours); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
      .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-size: 13px; width: 100%; margin-top: 1rem; }
      th, td { text-align: right; padding: .25rem .5rem; border-bottom: 1px solid var(--line);
        font-variant-numeric: tabular-nums; white-space: nowrap; }
      th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; }
      th { color: var(--soft); font-weight: 600; }
      """;

  private final Machine machine;
  private final int threads;
  private final List<CaseResult> results;
  private final List<String> peers;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(Machine machine, int threads, List<CaseResult> results) {
    this.machine = machine;
    this.threads = threads;
    this.results = results;
    this.peers = results.stream().flatMap(r -> r.ratios().keySet().stream()).distinct().toList();
  }

  /** The whole page. */
  public static String of(Machine machine, int threads, List<CaseResult> results) {
    return new HtmlReport(machine, threads, results).page();
  }

  private String page() {
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<title>T3 JVM benchmarks</title>\n<style>\n%s</style>\n</head>\n<body>\n", STYLE);
    add("<h1>T3 JVM benchmarks</h1>\n<p>%s</p>\n", escape(machine.description()));
    add(
        "<p>%d %s. Medians of repetitions in turns, on the same data, in one process. Longer bars"
            + " are faster, but for times. The thin bar is the share of what the machine reached"
            + " beside it: fused multiply-adds on registers alone, or a plain copy for elementwise"
            + " ops.</p>\n",
        threads, threads == 1 ? "thread" : "threads");
    for (Suite suite : Suite.values()) {
      List<CaseResult> ofSuite =
          results.stream().filter(r -> r.benchCase().suite() == suite).toList();
      if (!ofSuite.isEmpty()) {
        add("<h2>%s</h2>\n", suite.label());
        add("%s", new BarChart(peers).draw(ofSuite));
        table(ofSuite);
      }
    }
    add("</body>\n</html>\n");
    return page.toString();
  }

  private void table(List<CaseResult> ofSuite) {
    List<String> shown =
        peers.stream()
            .filter(peer -> ofSuite.stream().anyMatch(r -> r.ratios().containsKey(peer)))
            .toList();
    List<String> header = new ArrayList<>(List.of("case", "shape", "value", "unit", "% of peak"));
    shown.forEach(peer -> header.add("vs " + peer));
    add("<div class=\"wide\"><table>\n");
    row("th", header);
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
      row("td", cells);
    }
    add("</table></div>\n");
  }

  private void row(String cell, List<String> texts) {
    add("<tr>");
    texts.forEach(text -> add("<%s>%s</%s>", cell, escape(text), cell));
    add("</tr>\n");
  }

  private void add(String format, Object... values) {
    page.append(String.format(Locale.ROOT, format, values));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
