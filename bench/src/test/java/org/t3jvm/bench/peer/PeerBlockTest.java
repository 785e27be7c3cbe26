package org.t3jvm.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.graph.WindowCounts;

/** A small block like the DiT's, with T3 windows: ops meet, and values are freed in between. */
class PeerBlockTest {
  private static final long SEED = 5;
  private static final int HEADS = 2;
  private static final int DIM = 48;
  private static final float EPS = 1e-6f;
  private static final TokenGrid GRID = new TokenGrid(2, 4, 6);

  /** Windows that are the same close and remote, and ones that are not. */
  @ParameterizedTest(name = "{0}, {1},{2},{3} windows")
  @CsvSource({
    "libtorch-f32, 2, 1, 1, 1e-5",
    "libtorch-f32, 1, 2, 3, 1e-5",
    "libtorch-upstream, 2, 1, 1, 1e-5",
    "libtorch-upstream, 1, 2, 3, 1e-5",
    "libtorch-bf16, 2, 1, 1, 0.05",
    "libtorch-bf16, 1, 2, 3, 0.05"
  })
  void agreesWithTheReference(String peer, int t, int h, int w, double bound) {
    agrees(peer, block(new WindowCounts(t, h, w)), "y", bound);
  }

  /** In BF16 each op takes operands of that type alone. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({"libtorch-f32, 1e-4", "libtorch-bf16, 0.1"})
  void gradientsAgreeWithTheReference(String peer, double bound) {
    Tracer g = new Tracer();
    Value y = block(g, new WindowCounts(1, 2, 3));
    Value all = g.reshape(g.mul(y, g.input("dy", DType.F32, y.shape())), y.shape().elements());
    g.output("loss", g.reduce(Op.Reduce.Kind.SUM, all, 0));
    Graph gradients = Gradients.of(g.graph(), "loss", List.of("x"));
    String gradient = Gradients.nameOf("x");
    agrees(peer, gradients, gradient, bound);
  }

  private static void agrees(String peer, Graph graph, String output, double bound) {
    Random random = new Random(SEED);
    Map<String, Tensor> parameters = PeerRuns.tensors(graph.parameters(), random);
    Map<String, Tensor> inputs = PeerRuns.tensors(graph.inputs(), random);
    try (Backend reference = PeerRuns.reference();
        Backend backend = PeerRuns.openOrSkip(peer)) {
      Tensor expected = PeerRuns.run(reference, graph, parameters, inputs, output);
      Tensor actual = PeerRuns.run(backend, graph, parameters, inputs, output);
      assertThat(PeerRuns.error(actual, expected))
          .as("error of %s relative to the largest element, seed %d", peer, SEED)
          .isLessThan(bound);
    }
  }

  private static Graph block(WindowCounts counts) {
    Tracer g = new Tracer();
    g.output("y", block(g, counts));
    return g.graph();
  }

  private static Value block(Tracer g, WindowCounts counts) {
    Value x = g.input("x", DType.F32, Shape.of(GRID.tokens(), DIM));
    Value m = g.input("m", DType.F32, Shape.of(1, 3L * DIM));
    Value shift = g.reshape(g.slice(m, 1, 0, DIM), DIM);
    Value scale = g.reshape(g.slice(m, 1, DIM, DIM), DIM);
    Value gate = g.reshape(g.slice(m, 1, 2L * DIM, DIM), DIM);
    Value y = g.modulate(g.layerNorm(x, null, null, EPS), shift, scale);
    Value q = g.rope(g.rmsNorm(linear(g, "q", y), vector(g, "norm.q"), EPS), HEADS, GRID);
    Value k = g.rope(g.rmsNorm(linear(g, "k", y), vector(g, "norm.k"), EPS), HEADS, GRID);
    Value attended =
        g.attention(
            q,
            k,
            linear(g, "v", y),
            HEADS,
            (float) (1 / Math.sqrt((double) DIM / HEADS)),
            new AttentionPattern.Windows(GRID, counts, AttentionPattern.Grouping.BOTH),
            null);
    Value z = g.gatedResidual(x, gate, linear(g, "o", attended));
    Value normed = g.layerNorm(z, null, null, EPS);
    return g.add(z, g.geluTanh(linear(g, "ffn", normed)));
  }

  private static Value linear(Tracer g, String name, Value x) {
    return g.linear(
        x, g.parameter(name, DType.BF16, Shape.of(DIM, DIM)), vector(g, name + ".bias"));
  }

  private static Value vector(Tracer g, String name) {
    return g.parameter(name, DType.F32, Shape.of(DIM));
  }
}
