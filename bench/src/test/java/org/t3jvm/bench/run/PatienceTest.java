package org.t3jvm.bench.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.Metric;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Which backends skip a case for being slow. */
class PatienceTest {
  private final Patience patience = new Patience(10);

  /** A product of 2e6 operations for each of {@code rows}. */
  private static GraphCase product(Suite suite, int rows) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(rows, 1000));
    g.output("y", g.linear(x, g.parameter("w", DType.F32, Shape.of(1000, 1000)), null));
    Graph graph = g.graph();
    return new GraphCase(suite, "p", "p", Metric.GFLOP_PER_SECOND, false, graph, Map.of());
  }

  @Test
  void whatIsUnknownIsTried() {
    assertThat(patience.against("opencl", product(Suite.GEMM, 1_000_000))).isEmpty();
  }

  @Test
  void theLargestCaseOfTheSuiteTells() {
    patience.learn("opencl", product(Suite.GEMM, 1), 1);
    patience.learn("opencl", product(Suite.GEMM, 1000), 1);
    patience.learn("opencl", product(Suite.GEMM, 10), 1);
    patience.learn("opencl", product(Suite.ATTENTION, 1000), 4);
    assertThat(patience.against("opencl", product(Suite.GEMM, 10_000))).isEmpty();
    assertThat(patience.against("opencl", product(Suite.GEMM, 30_000)))
        .hasValue(
            "at the 2.00 GFLOP/s that it has shown once would take about 30 s; --patience allows"
                + " 10 s");
  }

  @Test
  void anotherSuitesSlowestTellsOfANewOne() {
    patience.learn("opencl", product(Suite.GEMM, 1000), 1);
    patience.learn("opencl", product(Suite.ATTENTION, 1000), 4);
    assertThat(patience.against("opencl", product(Suite.CONV3D, 2000))).isEmpty();
    assertThat(patience.against("opencl", product(Suite.CONV3D, 4000))).isPresent();
    assertThat(patience.against("cuda", product(Suite.CONV3D, 4000))).isEmpty();
    assertThat(patience.against("opencl", product(Suite.CONV3D, 4000).inBytes())).isEmpty();
  }
}
