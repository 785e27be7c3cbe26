package org.t3jvm.bench.run;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.Metric;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Tracer;

class CaseDataTest {
  private static GraphCase linear(Map<String, Double> gains) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.rmsNorm(
            g.linear(
                g.input("x", DType.F32, Shape.of(64, 256)),
                g.parameter("weight", DType.BF16, Shape.of(128, 256)),
                g.parameter("bias", DType.F32, Shape.of(128))),
            g.parameter("norm.weight", DType.F32, Shape.of(128)),
            1e-6f));
    return new GraphCase(Suite.GEMM, "tiny", "", Metric.GFLOP_PER_SECOND, false, g.graph(), gains);
  }

  private static float[] floats(Map<String, Tensor> tensors, String name) {
    return requireNonNull(tensors.get(name), name).toFloats();
  }

  private static double deviation(float[] values, double mean) {
    return Math.sqrt(
        IntStream.range(0, values.length)
            .mapToDouble(i -> (values[i] - mean) * (values[i] - mean))
            .average()
            .orElseThrow());
  }

  @Test
  void sameCaseSameValues() {
    try (CaseData one = CaseData.of(linear(Map.of()));
        CaseData two = CaseData.of(linear(Map.of()))) {
      assertThat(floats(one.inputs(), "x")).isEqualTo(floats(two.inputs(), "x"));
      assertThat(floats(one.parameters(), "weight")).isEqualTo(floats(two.parameters(), "weight"));
    }
  }

  @Test
  void valuesHaveTheDeviationsThatKeepActivationsAtOne() {
    try (CaseData data = CaseData.of(linear(Map.of()))) {
      assertThat(deviation(floats(data.inputs(), "x"), 0)).isCloseTo(1, within(0.02));
      assertThat(deviation(floats(data.parameters(), "weight"), 0))
          .isCloseTo(1 / 16.0, within(0.002));
      assertThat(deviation(floats(data.parameters(), "norm.weight"), 1))
          .isCloseTo(0.1, within(0.02));
      assertThat(deviation(floats(data.parameters(), "bias"), 0)).isCloseTo(0.1, within(0.02));
    }
  }

  @Test
  void gainsScaleByName() {
    try (CaseData data = CaseData.of(linear(Map.of("weight", 0.5)))) {
      assertThat(deviation(floats(data.parameters(), "weight"), 0))
          .isCloseTo(1 / 32.0, within(0.001));
    }
  }
}
