package org.t3jvm.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.CaseRegistry;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.run.CaseResult;
import org.t3jvm.tensor.backend.Precision;
import tools.jackson.databind.json.JsonMapper;

class ReportsTest {
  private static final Machine MACHINE =
      new Machine("Some <CPU> & more", 2, "Some VM 25", 512, "2026-01-02 03:04 UTC");

  private static BenchCase first(Suite suite) {
    return CaseRegistry.of(Set.of(suite), false).getFirst();
  }

  private static CaseResult gemm() {
    Map<String, Double> ratios = new LinkedHashMap<>();
    ratios.put("libtorch-f32", 0.98765);
    ratios.put("openblas", 1.25);
    return new CaseResult(
        first(Suite.GEMM),
        "cpu",
        2,
        250.12345,
        OptionalDouble.of(73.456),
        new LinkedHashMap<>(ratios),
        new LinkedHashMap<>(Map.of("libtorch-bf16", "it has no such op")),
        List.of());
  }

  private static CaseResult open() {
    return new CaseResult(
        first(Suite.CHECKPOINT),
        "host",
        1,
        3.5,
        OptionalDouble.empty(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        List.of());
  }

  @Test
  void jsonIsAListWithTheAgreedFields() {
    List<?> list =
        JsonMapper.shared().readValue(JsonReport.of(List.of(gemm(), open())), List.class);
    Map<String, Object> expected = new LinkedHashMap<>();
    expected.put("suite", "gemm");
    expected.put("case", "512x1536x1536-f32");
    expected.put("shape", "512 rows, 1536 -> 1536, f32 weights");
    expected.put("backend", "cpu");
    expected.put("threads", 2);
    expected.put("metric", "GFLOP/s");
    expected.put("value", 250.123);
    expected.put("percentOfPeak", 73.456);
    expected.put("ratios", Map.of("libtorch-f32", 0.988, "openblas", 1.25));
    assertThat(list).hasSize(2);
    assertThat(list.getFirst()).isEqualTo(expected);
    Map<?, ?> second = (Map<?, ?>) list.getLast();
    assertThat(second.keySet()).isEqualTo(expected.keySet());
    assertThat(second.get("percentOfPeak")).isNull();
    assertThat(second.get("ratios")).isEqualTo(Map.of());
  }

  @Test
  void peerFiguresFollowFromRatios() {
    assertThat(gemm().peerValue("openblas")).isEqualTo(250.12345 / 1.25);
  }

  @Test
  void pageNeedsNothingFromElsewhere() {
    String page = HtmlReport.of(MACHINE, 2, Precision.BF16, List.of(gemm(), open()));
    assertThat(page)
        .doesNotContain("http://", "https://", "//", "<script", "<link", "@import", "url(")
        .contains("prefers-color-scheme: dark", "<svg", "</html>");
  }

  @Test
  void pageShowsMachineAndFigures() {
    assertThat(HtmlReport.of(MACHINE, 2, Precision.BF16, List.of(gemm(), open())))
        .contains(
            "Some &lt;CPU&gt; &amp; more",
            "512-bit",
            "2026-01-02 03:04 UTC",
            "250.1 GFLOP/s",
            "73 % of peak",
            "200.1 (ours: 1.25x)",
            "<h2>checkpoint</h2>",
            "3.500 ms")
        .doesNotContain("libtorch-bf16", "<CPU>");
  }
}
