package org.t3jvm.model.train.page;

import java.util.Locale;
import org.t3jvm.job.Numbers;

/** A curve over the steps as an SVG drawing, on a logarithmic axis. */
@SuppressWarnings("ArrayRecordComponent")
record Curve(String title, double[] values) {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 220;
  private static final int LEFT = 70;
  private static final int BOTTOM = 30;
  private static final int TOP = 24;
  private static final int POINTS = 450;
  private static final double LEAST = 1e-12;

  /** The drawing; each point stands for the mean of the steps that share it. */
  String svg() {
    int each = Math.max(1, Math.ceilDiv(values.length, POINTS));
    int count = Math.ceilDiv(values.length, each);
    double[] means = new double[count];
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int end = Math.min(values.length, (i + 1) * each);
      double sum = 0;
      for (int at = i * each; at < end; at++) {
        sum += values[at];
      }
      means[i] = Math.log10(Math.max(LEAST, sum / (end - i * each)));
      low = Math.min(low, means[i]);
      high = Math.max(high, means[i]);
    }
    double span = Math.max(high - low, 1e-3);
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < count; i++) {
      double x = LEFT + (WIDTH - LEFT - 10.0) * i / Math.max(1, count - 1);
      double y = TOP + (HEIGHT - TOP - BOTTOM) * (high - means[i]) / span;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
    }
    return """
    <svg viewBox="0 0 %d %d" role="img" aria-label="%s">
    <text x="%d" y="14" class="title">%s</text>
    <text x="4" y="%d">%s</text><text x="4" y="%d">%s</text>
    <text x="%d" y="%d">step 1</text><text x="%d" y="%d" text-anchor="end">step %d</text>
    <polyline points="%s"/></svg>
    """
        .formatted(
            WIDTH,
            HEIGHT,
            title,
            LEFT,
            title,
            TOP + 10,
            tick(high),
            HEIGHT - BOTTOM,
            tick(low),
            LEFT,
            HEIGHT - 8,
            WIDTH - 10,
            HEIGHT - 8,
            values.length,
            points.toString().strip());
  }

  private static String tick(double exponent) {
    return Numbers.text(
        Double.parseDouble(String.format(Locale.ROOT, "%.3g", Math.pow(10, exponent))));
  }
}
