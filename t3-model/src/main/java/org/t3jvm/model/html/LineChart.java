package org.t3jvm.model.html;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Curves over frames as SVG; values that are not finite leave a gap. */
public final class LineChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 150;
  private static final int LEFT = 58;
  private static final int TOP = 24;
  private static final int BOTTOM = 18;
  private static final List<String> COLOURS = List.of("ours", "c1", "c2", "c3", "c4");

  /** A named curve. */
  public record Curve(String name, List<Double> values) {}

  private LineChart() {}

  /** The colour class of the n-th curve, as in {@code svg .ours}. */
  public static String colour(int curve) {
    return COLOURS.get(curve % COLOURS.size());
  }

  /** All curves over one another, of one scale. */
  public static String draw(String title, List<Curve> curves) {
    double[] finite =
        curves.stream()
            .flatMap(curve -> curve.values().stream())
            .mapToDouble(Double::doubleValue)
            .filter(Double::isFinite)
            .toArray();
    double low = Arrays.stream(finite).min().orElse(0);
    double high = Arrays.stream(finite).max().orElse(1);
    double range = high > low ? high - low : 1;
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" font-size=\"11\">"
                + "<text x=\"0\" y=\"12\">%s</text>"
                + "<text class=\"soft\" x=\"0\" y=\"%d\">%.4g</text>"
                + "<text class=\"soft\" x=\"0\" y=\"%d\">%.4g</text>"
                + "<rect class=\"track\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"1\"/>",
            WIDTH,
            HEIGHT,
            HtmlPage.escape(title),
            TOP + 8,
            high,
            HEIGHT - BOTTOM,
            low,
            LEFT,
            HEIGHT - BOTTOM,
            WIDTH - LEFT));
    for (int i = 0; i < curves.size(); i++) {
      line(svg, curves.get(i), COLOURS.get(i % COLOURS.size()), low, range);
    }
    return svg.append("</svg>\n").toString();
  }

  private static void line(
      StringBuilder svg, Curve curve, String colour, double low, double range) {
    int last = Math.max(1, curve.values().size() - 1);
    StringBuilder path = new StringBuilder();
    boolean drawing = false;
    for (int i = 0; i < curve.values().size(); i++) {
      double value = curve.values().get(i);
      if (Double.isFinite(value)) {
        path.append(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f ",
                drawing ? "L" : "M",
                LEFT + (double) i * (WIDTH - LEFT - 2) / last,
                HEIGHT - BOTTOM - (value - low) / range * (HEIGHT - TOP - BOTTOM)));
      }
      drawing = Double.isFinite(value);
    }
    if (!path.isEmpty()) {
      svg.append(
          ("<path d=\"%s\" fill=\"none\" stroke=\"var(--%s)\" stroke-width=\"1.6\""
                  + " stroke-linecap=\"round\"><title>%s</title></path>")
              .formatted(path.toString().strip(), colour, HtmlPage.escape(curve.name())));
    }
  }
}
