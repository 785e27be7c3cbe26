package org.t3jvm.model.measure.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.model.measure.Measure;
import org.t3jvm.model.measure.SeamEnergy;
import org.t3jvm.model.measure.VideoMeasures;

/** Measures as JSON, an object a video; null is what is infinite or was not measured. */
public final class MeasureJson {
  private MeasureJson() {}

  /** All videos, as an array. */
  public static String of(List<ReportRow> rows) {
    return RecordJson.mapper()
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(rows.stream().map(MeasureJson::object).toList())
        + "\n";
  }

  private static Map<String, Object> object(ReportRow row) {
    VideoMeasures measures = row.video().measures();
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("video", row.video().video());
    object.put("settings", row.settings());
    object.put("width", measures.width());
    object.put("height", measures.height());
    object.put("frames", measures.frames());
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Object> curves = new LinkedHashMap<>();
    for (Measure measure : Measure.values()) {
      List<Double> curve = measures.curves().get(measure);
      if (curve != null) {
        values.put(key(measure), finite(measures.value(measure)));
        curves.put(key(measure), finite(curve));
      }
    }
    object.put("measures", values);
    object.put("octaves", finite(measures.octaves()));
    object.put("seams", measures.seams().stream().map(MeasureJson::seam).toList());
    object.put("curves", curves);
    return object;
  }

  private static Map<String, Object> seam(SeamEnergy energy) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", energy.lines().kind());
    object.put("windows", energy.lines().windows().toString());
    object.put("axis", energy.lines().axis().name().toLowerCase(Locale.ROOT));
    object.put("seams", energy.lines().seams().size());
    object.put("shiftedLines", energy.lines().shifted().size());
    object.put("atSeams", finite(energy.atSeams()));
    object.put("shifted", finite(energy.shifted()));
    object.put("decibels", finite(energy.decibels()));
    return object;
  }

  private static String key(Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static List<@Nullable Double> finite(List<Double> values) {
    List<@Nullable Double> finite = new ArrayList<>();
    values.forEach(value -> finite.add(finite(value)));
    return finite;
  }
}
