package org.t3jvm.model.measure.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.html.HtmlPage;
import org.t3jvm.model.html.Picture;

/** Variants of one job side by side: what they took, figures, curves, pictures. */
public final class ComparisonPage {
  private ComparisonPage() {}

  /**
   * The whole page.
   *
   * @param rows the variants, in their order
   * @param costs what each took
   * @throws IOException if pictures cannot be encoded
   */
  public static String of(List<ReportRow> rows, List<RunCost> costs) throws IOException {
    HtmlPage page = new HtmlPage("Comparison", MeasurePage.STYLE);
    page.paragraph(
        "PSNR and SSIM are against the first video of the same size. docs/measures.md defines"
            + " every measure.");
    List<List<String>> cells = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      RunCost cost = costs.get(i);
      cells.add(
          List.of(
              rows.get(i).name(),
              cost.seconds() == null ? "–" : MeasureTable.figure(cost.seconds()),
              MeasureTable.figure(cost.operations() / 1e12),
              Sizes.bytes(cost.memory())));
    }
    page.table(List.of("video", "seconds", "10¹² operations", "planned memory"), cells);
    page.section("Figures");
    MeasureTable table = new MeasureTable(rows);
    table.addTo(page);
    table.addSeamsTo(page);
    MeasurePage.addCurves(page, rows);
    page.section("Frames");
    for (int sample = 0; sample < rows.getFirst().video().samples().size(); sample++) {
      for (boolean whole : new boolean[] {true, false}) {
        page.html("<div class=\"frames\">\n");
        for (ReportRow row : rows) {
          if (sample < row.video().samples().size()) {
            Sample shown = row.video().samples().get(sample);
            MeasurePage.addFigure(
                page,
                Picture.element(whole ? shown.whole() : shown.crop(), row.name()),
                "%s, frame %d%s".formatted(row.name(), shown.frame(), whole ? "" : ", middle"));
          }
        }
        page.html("</div>\n");
      }
    }
    return page.text();
  }
}
