package org.t3jvm.tensor.graph.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Region;
import org.t3jvm.tensor.graph.TraceException;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class GraphRewriterTest {
  /** Leaves out every {@code x * 1 + 0}. */
  private static final Pass NO_IDENTITY =
      (value, op, to) ->
          op instanceof Op.Affine affine && affine.scale() == 1 && affine.offset() == 0
              ? affine.x()
              : to.append(op);

  /** Two regions between other values, optional operands there and not there, a constant. */
  private static Graph graph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(6, 8));
    Value w = g.parameter("w", DType.BF16, Shape.of(8, 8));
    Value bias = g.constant(Tensor.allocate(DType.F32, Shape.of(8)));
    Value h = g.affine(x, 1, 0);
    for (int i = 0; i < 2; i++) {
      Value in = h;
      h =
          g.region(
              "blocks." + i,
              "block",
              () -> g.affine(g.rmsNorm(g.linear(in, w, bias), null, 1e-6f), 1, 0));
    }
    Value a = g.attention(h, h, h, 2, 0.5f, new AttentionPattern.Full(), null);
    g.output("a", a);
    g.output("h", g.concat(1, h, g.linear(a, w, null)));
    return g.graph();
  }

  @Test
  void copyIsTheSameGraph() {
    Graph graph = graph();
    assertThat(describe(GraphRewriter.rewrite(graph, Pass.COPY))).isEqualTo(describe(graph));
  }

  @Test
  void leavesOutValuesAndKeepsRegionsAndOutputs() {
    Graph graph = GraphRewriter.rewrite(graph(), Pass.COPY, NO_IDENTITY);
    assertThat(graph.values()).noneMatch(value -> value.op() instanceof Op.Affine);
    assertThat(graph.outputs().keySet()).containsExactly("a", "h");
    assertThat(graph.regions()).extracting(Region::name).containsExactly("blocks.0", "blocks.1");
    for (Region region : graph.regions()) {
      assertThat(graph.values().subList(region.first(), region.end()))
          .extracting(value -> value.op().opName())
          .containsExactly("linear", "norm");
      assertThat(graph.values().subList(region.first(), region.end()))
          .allMatch(value -> region.name().equals(value.region()));
    }
  }

  @Test
  void appendsBehindOtherValues() {
    Tracer to = new Tracer();
    Value before = to.input("before", DType.F32, Shape.of(6, 8));
    Graph graph = graph();
    Map<Value, Value> rewritten = GraphRewriter.append(graph, to, Pass.COPY);
    Value a = Objects.requireNonNull(graph.outputs().get("a"));
    to.output("sum", to.add(before, Objects.requireNonNull(rewritten.get(a))));
    assertThat(to.graph().inputs().keySet()).containsExactly("before", "x");
    assertThat(to.graph().outputs().keySet()).containsExactly("sum");
  }

  @Test
  void inlinesWithOtherValuesForInputs() {
    Tracer to = new Tracer();
    Value given = to.silu(to.input("before", DType.F32, Shape.of(6, 8)));
    Map<String, Value> first = GraphRewriter.inline(graph(), to, Map.of("x", given));
    assertThat(to.graph().inputs().keySet()).containsExactly("before");
    assertThat(first.keySet()).containsExactly("a", "h");
    GraphRewriter.inline(graph(), to, Map.of());
    assertThat(to.graph().inputs().keySet()).containsExactly("before", "x");
    assertThat(to.graph().parameters().keySet()).containsExactly("w");
    assertThat(to.graph().outputs()).isEmpty();
    assertThatThrownBy(
            () ->
                GraphRewriter.inline(
                    graph(), to, Map.of("x", to.silu(Objects.requireNonNull(first.get("h"))))))
        .isInstanceOf(TraceException.class)
        .hasMessageContaining("'x' is x F32 [6, 8], silu#");
  }

  @Test
  void anotherShapeIsRefused() {
    Pass wrong = (value, op, to) -> to.slice(to.append(op), 0, 0, 1);
    assertThatThrownBy(() -> GraphRewriter.rewrite(graph(), wrong))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("shapes and dtypes must agree");
  }

  /** Every value with its op on operands by number. */
  private static List<String> describe(Graph graph) {
    return graph.values().stream()
        .map(
            value ->
                "%s %s %s %s in %s, out %s"
                    .formatted(
                        value.id(),
                        value,
                        value.op().getClass().getSimpleName(),
                        value.op(),
                        graph.regions(),
                        graph.outputs()))
        .toList();
  }
}
