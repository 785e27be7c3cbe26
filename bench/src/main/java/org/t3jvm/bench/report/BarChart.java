package org.t3jvm.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.t3jvm.bench.run.CaseResult;
import org.t3jvm.model.html.HtmlPage;

/** Horizontal bars of one suite as SVG: for each case ours, every peer, and the share of peak. */
final class BarChart {
  private static final int WIDTH = 960;
  private static final int LABELS = 230;
  private static final int BARS = 480;
  private static final int BAR = 13;
  private static final int TRACK = 4;
  private static final int GAP = 14;
  private static final int LEGEND = 26;
  private static final int COLOURS = 4;

  private final List<String> peers;
  private final StringBuilder svg = new StringBuilder();

  /** A chart that gives each of {@code peers} its colour by position. */
  BarChart(List<String> peers) {
    this.peers = peers;
  }

  /** The chart of the results of one suite. Cases of different units are scaled apart. */
  String draw(List<CaseResult> results) {
    List<String> shown =
        peers.stream()
            .filter(peer -> results.stream().anyMatch(r -> r.ratios().containsKey(peer)))
            .toList();
    int y = 4;
    if (!shown.isEmpty()) {
      legend(shown);
      y += LEGEND;
    }
    for (CaseResult result : results) {
      y = group(result, scale(results, result), y) + GAP;
    }
    return "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"12\">\n%s</svg>\n"
        .formatted(WIDTH, y, svg);
  }

  private void legend(List<String> shown) {
    List<String> names = new ArrayList<>(List.of("T3 JVM"));
    names.addAll(shown);
    int x = LABELS;
    for (int i = 0; i < names.size(); i++) {
      String colour = i == 0 ? "ours" : colour(names.get(i));
      rect(colour, x, 4, 11, 11);
      text("", x + 16, 14, "start", names.get(i));
      x += 40 + 8 * names.get(i).length();
    }
  }

  /** The largest figure of all cases with this one's unit. */
  private static double scale(List<CaseResult> results, CaseResult like) {
    return results.stream()
        .filter(r -> r.benchCase().metric() == like.benchCase().metric())
        .mapToDouble(
            r ->
                r.ratios().keySet().stream().mapToDouble(r::peerValue).reduce(r.value(), Math::max))
        .max()
        .orElse(like.value());
  }

  private int group(CaseResult result, double scale, int top) {
    int y = top;
    text("", LABELS - 12, y + 11, "end", result.benchCase().name());
    String unit = " " + result.benchCase().metric().unit();
    bar("ours", result.value(), scale, y, TableReport.figure(result.value()) + unit);
    y += BAR + 2;
    if (result.percentOfPeak().isPresent()) {
      double share = result.percentOfPeak().getAsDouble();
      rect("track", LABELS, y, BARS, TRACK);
      rect("ours", LABELS, y, BARS * Math.clamp(share / 100, 0, 1), TRACK);
      text("soft", WIDTH, top + 11, "end", String.format(Locale.ROOT, "%.0f %% of peak", share));
      y += TRACK + 3;
    }
    for (String peer : peers) {
      Double ratio = result.ratios().get(peer);
      if (ratio != null) {
        double value = result.peerValue(peer);
        String label =
            String.format(Locale.ROOT, "%s (ours: %.2fx)", TableReport.figure(value), ratio);
        bar(colour(peer), value, scale, y, label);
        y += BAR + 2;
      }
    }
    return y;
  }

  private String colour(String peer) {
    return "c" + (1 + peers.indexOf(peer) % COLOURS);
  }

  private void bar(String colour, double value, double scale, int y, String label) {
    double width = BARS * value / scale;
    rect(colour, LABELS, y, width, BAR);
    text("", LABELS + width + 6, y + 11, "start", label);
  }

  private void rect(String kind, double x, double y, double width, double height) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>\n",
            kind,
            x,
            y,
            width,
            height));
  }

  private void text(String kind, double x, double y, String anchor, String text) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
            kind,
            x,
            y,
            anchor,
            HtmlPage.escape(text)));
  }
}
