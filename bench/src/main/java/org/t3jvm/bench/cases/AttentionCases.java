package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;

/**
 * {@link org.t3jvm.tensor.graph.Op.Attention} with heads of 128 columns: one head over all keys, up
 * to a whole 4K frame of the 1.3B model, and every T3 kind with all heads of its model.
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
    return cases;
  }

  static Graph graph(long tokens, int heads, AttentionPattern pattern) {
    Tracer g = new Tracer();
    Shape shape = Shape.of(tokens, (long) heads * HEAD_DIM);
    g.output(
        "y",
        g.attention(
            g.input("q", DType.F32, shape),
            g.input("k", DType.F32, shape),
            g.input("v", DType.F32, shape),
            heads,
            (float) (1 / Math.sqrt(HEAD_DIM)),
            pattern,
            null));
    return g.graph();
  }
}
