package org.t3jvm.cli.measure;

import java.io.PrintWriter;
import java.util.Locale;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.measure.Measure;
import org.t3jvm.model.measure.SeamEnergy;
import org.t3jvm.model.measure.VideoMeasures;

/** The figures of one video, in lines for people. */
final class FigureText {
  private FigureText() {}

  static void print(String name, VideoMeasures measures, PrintWriter out) {
    out.printf(
        "%s: %d frames of %dx%d%n",
        Messages.printable(name), measures.frames(), measures.width(), measures.height());
    for (Measure measure : Measure.values()) {
      if (measures.curves().containsKey(measure)) {
        line(out, measure.label(), number(measures.value(measure)) + " " + measure.unit());
      }
    }
    for (int octave = 0; octave < measures.octaves().size(); octave++) {
      line(out, "octave " + (octave + 1), number(measures.octaves().get(octave)) + " levels²");
    }
    for (SeamEnergy energy : measures.seams()) {
      line(
          out,
          "borders of kind " + energy.lines().kind(),
          "%s, %s: %s levels², %s"
              .formatted(
                  energy.lines().windows(),
                  energy.lines().axis().name().toLowerCase(Locale.ROOT),
                  number(energy.atSeams()),
                  Double.isNaN(energy.shifted())
                      ? "every line is a border"
                      : "shifted %s, %s dB"
                          .formatted(number(energy.shifted()), number(energy.decibels()))));
    }
    out.flush();
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-18s %s%n", name, value.strip());
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "" + value;
  }
}
