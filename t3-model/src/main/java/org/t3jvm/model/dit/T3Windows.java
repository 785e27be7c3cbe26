package org.t3jvm.model.dit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/**
 * The window counts of T3 attention, one entry a kind; block i has kind {@code i mod kinds} (SPEC
 * 5).
 */
public record T3Windows(List<WindowCounts> kinds) implements SelfAttentionPlan {
  public T3Windows {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty()) {
      throw new IllegalArgumentException("windows: at least one n_t,n_h,n_w triple is needed");
    }
  }

  /**
   * Windows from text: triples {@code n_t,n_h,n_w} separated by semicolons.
   *
   * @throws IllegalArgumentException naming the triple that is not three positive integers
   */
  public static T3Windows parse(String text) {
    List<WindowCounts> kinds = new ArrayList<>();
    for (String triple : text.split(";", -1)) {
      String[] counts = triple.split(",", -1);
      try {
        if (counts.length != 3) {
          throw new NumberFormatException();
        }
        kinds.add(
            new WindowCounts(
                Integer.parseInt(counts[0].strip()),
                Integer.parseInt(counts[1].strip()),
                Integer.parseInt(counts[2].strip())));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "windows '%s': '%s' is not a triple of positive counts n_t,n_h,n_w as in \"%s\""
                .formatted(text, triple, "21,1,1;1,17,30;1,8,40;3,17,8;7,8,6"),
            e);
      }
    }
    return new T3Windows(kinds);
  }

  /**
   * Fails if a kind has an empty window over {@code grid}.
   *
   * @throws IllegalArgumentException naming the kinds that have, and the grid
   */
  public void requireFit(TokenGrid grid) {
    String bad =
        kinds.stream()
            .filter(counts -> !counts.fit(grid))
            .map(WindowCounts::toString)
            .collect(Collectors.joining("; "));
    if (!bad.isEmpty()) {
      throw new IllegalArgumentException(
          "windows %s are more than the token grid %s (latent frames x rows/2 x columns/2) has"
                  .formatted(bad, grid)
              + " tokens along an axis");
    }
  }

  @Override
  public AttentionPattern pattern(int layer, TokenGrid grid) {
    return new AttentionPattern.Windows(
            grid, kinds.get(kind(layer)), AttentionPattern.Grouping.BOTH)
        .simplified();
  }

  @Override
  public int kind(int layer) {
    return layer % kinds.size();
  }

  @Override
  public String description() {
    return "T3 windows " + this;
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return kinds.stream().map(WindowCounts::toString).collect(Collectors.joining(";"));
  }
}
