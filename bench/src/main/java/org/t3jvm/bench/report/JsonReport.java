package org.t3jvm.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.run.CaseResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Results as a JSON list of objects {@code suite}, {@code case}, {@code shape}, {@code backend},
 * {@code threads}, {@code metric}, {@code value}, {@code percentOfPeak} (null without a peak) and
 * {@code ratios} by peer (above 1: ours is faster; peers that did not run are absent).
 */
public final class JsonReport {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonReport() {}

  /** The whole file. */
  public static String of(List<CaseResult> results) {
    List<Map<String, @Nullable Object>> list = new ArrayList<>();
    results.forEach(result -> list.add(entry(result)));
    return MAPPER.writeValueAsString(list) + "\n";
  }

  private static Map<String, @Nullable Object> entry(CaseResult result) {
    BenchCase benchCase = result.benchCase();
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("suite", benchCase.suite().label());
    entry.put("case", benchCase.name());
    entry.put("shape", benchCase.shape());
    entry.put("backend", result.backend());
    entry.put("threads", result.threads());
    entry.put("metric", benchCase.metric().unit());
    entry.put("value", rounded(result.value()));
    entry.put(
        "percentOfPeak",
        result.percentOfPeak().isPresent() ? rounded(result.percentOfPeak().getAsDouble()) : null);
    Map<String, Double> ratios = new LinkedHashMap<>();
    result.ratios().forEach((peer, ratio) -> ratios.put(peer, rounded(ratio)));
    entry.put("ratios", ratios);
    return entry;
  }

  /** Three decimals: what comes after is noise. */
  private static double rounded(double value) {
    return Math.rint(value * 1e3) / 1e3;
  }
}
