package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;

/**
 * {@link org.t3jvm.tensor.graph.Op.Attention} with heads of 128 columns: one head over all keys, up
 * to a whole 4K frame of the 1.3B model, every T3 kind with all heads of its model, and inward
 * windows with few heads.
 */
final class AttentionCases {
  private static final int HEAD_DIM = 128;
  private static final int[] KEYS = {1344, 2040, 8160, 32640};
  private static final int LARGE_KEYS = 32640;

  private AttentionCases() {}

  static List<GraphCase> all() {
    List<GraphCase> cases = new ArrayList<>();
    for (int keys : KEYS) {
      cases.add(
          GraphCase.of(
                  Suite.ATTENTION,
                  "full-" + keys,
                  "%d queries, %d keys, 1 head of %d".formatted(keys, keys, HEAD_DIM),
                  graph(keys, 1, new AttentionPattern.Full()))
              .largeIf(keys >= LARGE_KEYS));
    }
    for (ReducedWindows windows : ReducedWindows.all()) {
      int heads = windows.config().heads();
      cases.add(
          GraphCase.of(
                  Suite.ATTENTION,
                  windows.name(),
                  "%s, %d heads".formatted(windows.description(), heads),
                  graph(windows.grid().tokens(), heads, windows.pattern()))
              .largeIf(windows.kind() == 0));
    }
    InwardWindows freeSwim = InwardWindows.freeSwim(new TokenGrid(21, 30, 52));
    // First, for by it peers are judged to be too slow for the next one.
    cases.add(inward("freeswim-3-frames", new TokenGrid(3, 68, 120), freeSwim, 1));
    cases.add(inward("freeswim-1088x1920", new TokenGrid(21, 68, 120), freeSwim, 1).largeIf(true));
    cases.add(
        inward(
            "gclf-1536x2752",
            new TokenGrid(1, 48, 86),
            InwardWindows.gclf(new TokenGrid(1, 22, 40), 2),
            4));
    return cases;
  }

  private static GraphCase inward(String id, TokenGrid grid, InwardWindows windows, int heads) {
    AttentionPattern.Inward pattern = windows.pattern(0, grid);
    Graph graph = graph(grid.tokens(), grid.tokens() + pattern.extraKeys(), heads, pattern);
    return GraphCase.of(
            Suite.ATTENTION,
            id,
            "%s, %s, %d keys a query, heads: %d"
                .formatted(grid, windows.description(), pattern.keysEach(), heads),
            graph)
        .withUpstream(graph);
  }

  static Graph graph(long tokens, int heads, AttentionPattern pattern) {
    return graph(tokens, tokens, heads, pattern);
  }

  private static Graph graph(long tokens, long keys, int heads, AttentionPattern pattern) {
    Tracer g = new Tracer();
    Shape shape = Shape.of(keys, (long) heads * HEAD_DIM);
    g.output(
        "y",
        g.attention(
            g.input("q", DType.F32, shape.with(0, tokens)),
            g.input("k", DType.F32, shape),
            g.input("v", DType.F32, shape),
            heads,
            (float) (1 / Math.sqrt(HEAD_DIM)),
            pattern,
            null));
    return g.graph();
  }
}
