package org.t3jvm.bench.cases;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.graph.Graph;

/**
 * A graph that any backend can run. Its parameters and inputs are seeded, see {@link #gains}.
 *
 * @param gains what the values of an input or parameter are multiplied by, by name; 1 for others
 * @param upstream what the peer with upstream's algorithm runs: the same inputs and parameters give
 *     the same outputs, and perhaps more; null if that peer would run what others do
 */
public record GraphCase(
    Suite suite,
    String name,
    String shape,
    Metric metric,
    boolean large,
    Graph graph,
    Map<String, Double> gains,
    @Nullable Graph upstream)
    implements BenchCase {

  public GraphCase {
    gains = Map.copyOf(gains);
  }

  /** A case for which upstream has no algorithm of its own. */
  public GraphCase(
      Suite suite,
      String name,
      String shape,
      Metric metric,
      boolean large,
      Graph graph,
      Map<String, Double> gains) {
    this(suite, name, shape, metric, large, graph, gains, null);
  }

  /** A case that every run includes. */
  static GraphCase of(Suite suite, String name, String shape, Graph graph) {
    return new GraphCase(suite, name, shape, Metric.GFLOP_PER_SECOND, false, graph, Map.of());
  }

  /** This case, left out of quick runs if {@code large}. */
  GraphCase largeIf(boolean large) {
    return new GraphCase(suite, name, shape, metric, large, graph, gains, upstream);
  }

  /** This case with upstream's algorithm for it. */
  GraphCase withUpstream(Graph upstream) {
    return new GraphCase(suite, name, shape, metric, large, graph, gains, upstream);
  }

  /** This case with the bytes that it moves as its work. */
  public GraphCase inBytes() {
    return new GraphCase(
        suite, name, shape, Metric.COPY_GB_PER_SECOND, large, graph, gains, upstream);
  }

  @Override
  public double work() {
    return metric == Metric.GFLOP_PER_SECOND ? GraphWork.flop(graph) : GraphWork.bytes(graph);
  }
}
