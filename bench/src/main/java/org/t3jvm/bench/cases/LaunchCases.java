package org.t3jvm.bench.cases;

import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** What starting ops costs on a device: graphs of many ops that compute little. */
final class LaunchCases {
  /** The milliseconds of a repetition are the microseconds of an op. */
  private static final int OPS = 1000;

  private static final Shape FEW = Shape.of(64);

  /** A video of the embedded model, 64x64 and 5 frames, and windows as it has. */
  private static final TokenGrid GRID = new TokenGrid(2, 4, 4);

  private static final T3Windows WINDOWS = T3Windows.parse("2,1,1;1,2,4;1,1,4;2,2,2;1,4,1");

  private LaunchCases() {}

  static List<GraphCase> all() {
    return List.of(
        of(
            "embedded-dit-forward",
            "%d tokens, %d blocks, dim %d"
                .formatted(GRID.tokens(), PrimerModel.DIT.layers(), PrimerModel.DIT.dim()),
            forward()),
        of("thousand-ops", "%d ops on 64 elements".formatted(OPS), thousandOps()));
  }

  private static GraphCase of(String name, String shape, Graph graph) {
    return new GraphCase(Suite.LAUNCH, name, shape, Metric.MILLISECONDS, false, graph, Map.of());
  }

  private static Graph thousandOps() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, FEW);
    Value y = x;
    for (int i = 0; i < OPS / 2; i++) {
      y = g.affine(g.add(y, x), 0.5f, 0);
    }
    g.output("result", y);
    return g.graph();
  }

  private static Graph forward() {
    return Dit.graph(
        PrimerModel.DIT,
        WINDOWS,
        ShapesOnly.of(PrimerModel.DIT.parameterShapes(), DType.F32),
        new Dit.Job(GRID, TextRows.TEXT_LENGTH, false, false),
        Taps.NONE);
  }
}
