package org.t3jvm.model.measure.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.html.HtmlPage;
import org.t3jvm.model.html.LineChart;
import org.t3jvm.model.html.Picture;
import org.t3jvm.model.measure.Measure;
import org.t3jvm.model.measure.VideoMeasures;

/** Measures of many videos as one page: a table, curves over frames, frames. */
public final class MeasurePage {
  static final String STYLE =
      """
      body { max-width: 76rem; }
      .grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr));
        gap: 1rem 1.5rem; margin-top: 1rem; }
      .frames { display: flex; flex-wrap: wrap; gap: .6rem; margin: .5rem 0 1rem; }
      figure { margin: 0; } figcaption { color: var(--soft); font-size: 12px; }
      img { display: block; image-rendering: pixelated; max-width: 100%; height: auto; }
      .key { display: inline-block; width: 1.1em; height: .25em; vertical-align: middle;
        margin-right: .4em; }
      """;

  /** Videos whose curves are drawn over one another; further ones stand in the table alone. */
  private static final int CURVES = 5;

  private MeasurePage() {}

  /**
   * The whole page.
   *
   * @throws IOException if pictures cannot be encoded
   */
  public static String of(List<ReportRow> videos) throws IOException {
    List<ReportRow> rows = MeasureTable.sorted(videos);
    HtmlPage page = new HtmlPage("Measures", STYLE);
    page.paragraph(
        "Means over each video; docs/measures.md defines every measure. Videos with equal settings"
            + " stand together.");
    MeasureTable table = new MeasureTable(rows);
    table.addTo(page);
    table.addSeamsTo(page);
    addCurves(page, rows);
    page.section("Frames");
    for (ReportRow row : rows) {
      VideoMeasures measures = row.video().measures();
      page.paragraph(
          "%s: %d frames of %dx%d"
              .formatted(row.name(), measures.frames(), measures.width(), measures.height()));
      page.html("<div class=\"frames\">\n");
      for (Sample sample : row.video().samples()) {
        addFigure(page, Picture.element(sample.whole(), row.name()), "frame " + sample.frame());
      }
      page.html("</div>\n");
    }
    return page.text();
  }

  static void addFigure(HtmlPage page, String picture, String caption) {
    page.html(
        "<figure>%s<figcaption>%s</figcaption></figure>\n"
            .formatted(picture, HtmlPage.escape(caption)));
  }

  /** A chart a measure, with a curve a video. */
  static void addCurves(HtmlPage page, List<ReportRow> rows) {
    List<ReportRow> drawn = rows.subList(0, Math.min(CURVES, rows.size()));
    page.section("Over frames");
    if (drawn.size() < rows.size()) {
      page.paragraph("The first %d videos of the table.".formatted(drawn.size()));
    }
    page.html("<p>");
    for (int i = 0; i < drawn.size(); i++) {
      page.html(
          "<span class=\"key\" style=\"background: var(--%s)\"></span>%s &ensp; "
              .formatted(LineChart.colour(i), HtmlPage.escape(drawn.get(i).name())));
    }
    page.html("</p>\n<div class=\"grid\">\n");
    for (Measure measure : Measure.values()) {
      List<LineChart.Curve> curves = new ArrayList<>();
      for (ReportRow row : drawn) {
        curves.add(
            new LineChart.Curve(
                row.name(), row.video().measures().curves().getOrDefault(measure, List.of())));
      }
      if (curves.stream().anyMatch(curve -> !curve.values().isEmpty())) {
        page.html(LineChart.draw(title(measure), curves));
      }
    }
    page.html("</div>\n");
  }

  private static String title(Measure measure) {
    return measure.unit().isEmpty() ? measure.label() : measure.label() + ", " + measure.unit();
  }
}
