package org.t3jvm.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.t3jvm.bench.cases.Metric;

/** Who is left out of a case for being slow. */
class PatienceTest {
  private final Patience patience = new Patience(10);

  @Test
  void whatIsUnknownIsTried() {
    assertThat(patience.against("opencl", Metric.GFLOP_PER_SECOND, 1e18)).isEmpty();
  }

  @Test
  void theSlowestRateDecides() {
    patience.learn("opencl", Metric.GFLOP_PER_SECOND, 4e9, 1);
    patience.learn("opencl", Metric.GFLOP_PER_SECOND, 2e9, 1);
    patience.learn("opencl", Metric.GFLOP_PER_SECOND, 9e9, 1);
    assertThat(patience.against("opencl", Metric.GFLOP_PER_SECOND, 20e9)).isEmpty();
    assertThat(patience.against("opencl", Metric.GFLOP_PER_SECOND, 60e9))
        .hasValue(
            "at 2.00 GFLOP/s, its slowest so far, once would take about 30 s; --patience allows"
                + " 10 s");
  }

  @Test
  void ratesAreOfOneBackendAndOneMetric() {
    patience.learn("opencl", Metric.GFLOP_PER_SECOND, 1, 1);
    assertThat(patience.against("cuda", Metric.GFLOP_PER_SECOND, 1e12)).isEmpty();
    assertThat(patience.against("opencl", Metric.COPY_GB_PER_SECOND, 1e12)).isEmpty();
  }
}
