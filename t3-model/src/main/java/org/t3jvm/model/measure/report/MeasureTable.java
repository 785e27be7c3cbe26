package org.t3jvm.model.measure.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.t3jvm.model.html.HtmlPage;
import org.t3jvm.model.measure.Measure;
import org.t3jvm.model.measure.SeamEnergy;
import org.t3jvm.model.measure.VideoMeasures;

/** The figures of many videos in tables. */
final class MeasureTable {
  private final List<ReportRow> rows;

  MeasureTable(List<ReportRow> rows) {
    this.rows = rows;
  }

  /** The settings that differ between the videos, or that some do not have. */
  Set<String> varying() {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.settings().keySet()));
    names.removeIf(name -> rows.stream().map(row -> setting(row, name)).distinct().count() == 1);
    return names;
  }

  static String setting(ReportRow row, String name) {
    return row.settings().getOrDefault(name, "");
  }

  /** Rows with equal settings stand together, ordered by them; others as they were. */
  static List<ReportRow> sorted(List<ReportRow> rows) {
    Set<String> names = new MeasureTable(rows).varying();
    names.remove("seed");
    List<ReportRow> sorted = new ArrayList<>(rows);
    Comparator<ReportRow> order = Comparator.comparing(row -> row.settings().isEmpty());
    for (String name : names) {
      order = order.thenComparing(row -> setting(row, name));
    }
    sorted.sort(order);
    return sorted;
  }

  /** One row a video: varying settings, every measure, octaves. */
  void addTo(HtmlPage page) {
    Set<String> settings = varying();
    List<Measure> measured =
        List.of(Measure.values()).stream()
            .filter(measure -> rows.stream().anyMatch(row -> curves(row).containsKey(measure)))
            .toList();
    int octaves = rows.stream().mapToInt(row -> octaves(row).size()).max().orElse(0);
    List<String> header = new ArrayList<>(List.of("video"));
    header.addAll(settings);
    measured.forEach(
        measure ->
            header.add(
                measure.unit().isEmpty()
                    ? measure.label()
                    : measure.label() + ", " + measure.unit()));
    for (int octave = 1; octave <= octaves; octave++) {
      header.add("octave " + octave);
    }
    List<List<String>> cells = new ArrayList<>();
    for (ReportRow row : rows) {
      List<String> line = new ArrayList<>(List.of(row.name()));
      settings.forEach(name -> line.add(setting(row, name)));
      measured.forEach(measure -> line.add(figure(row, measure)));
      for (int octave = 0; octave < octaves; octave++) {
        line.add(octave < octaves(row).size() ? figure(octaves(row).get(octave)) : "");
      }
      cells.add(line);
    }
    page.table(header, cells);
  }

  private static Map<Measure, List<Double>> curves(ReportRow row) {
    return row.video().measures().curves();
  }

  private static List<Double> octaves(ReportRow row) {
    return row.video().measures().octaves();
  }

  private static String figure(ReportRow row, Measure measure) {
    VideoMeasures measures = row.video().measures();
    return measures.curves().containsKey(measure) ? figure(measures.value(measure)) : "";
  }

  /** One row a kind of layer and axis, one column a video; nothing if no seam was measured. */
  void addSeamsTo(HtmlPage page) {
    Map<String, List<String>> lines = new LinkedHashMap<>();
    for (int column = 0; column < rows.size(); column++) {
      for (SeamEnergy energy : rows.get(column).video().measures().seams()) {
        String name =
            "kind %d (%s), %s"
                .formatted(
                    energy.lines().kind(),
                    energy.lines().windows(),
                    energy.lines().axis().name().toLowerCase(Locale.ROOT));
        List<String> cells = lines.computeIfAbsent(name, key -> new ArrayList<>(List.of(key)));
        while (cells.size() <= column) {
          cells.add("");
        }
        cells.add(
            Double.isNaN(energy.shifted())
                ? figure(energy.atSeams())
                : "%s / %s, %s dB"
                    .formatted(
                        figure(energy.atSeams()),
                        figure(energy.shifted()),
                        figure(energy.decibels())));
      }
    }
    if (lines.isEmpty()) {
      return;
    }
    page.section("At the borders of T3 windows");
    page.paragraph(
        "Energy of the step at the borders / at the other lines between tokens, in grey levels"
            + " squared, and their ratio; one figure alone where every line is a border.");
    List<String> header = new ArrayList<>(List.of("borders"));
    rows.forEach(row -> header.add(row.name()));
    page.table(header, List.copyOf(lines.values()));
  }

  /** Four digits. */
  static String figure(double value) {
    if (Double.isNaN(value)) {
      return "–";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(value);
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.01 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
