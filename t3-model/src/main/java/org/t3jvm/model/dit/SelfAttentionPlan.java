package org.t3jvm.model.dit;

import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;

/** Which pattern the self-attention of each block has. */
public interface SelfAttentionPlan {
  /** The pattern of block {@code layer} over {@code grid}. */
  AttentionPattern pattern(int layer, TokenGrid grid);

  /** What scores are multiplied by. */
  default float scale(DitConfig config) {
    return config.attentionScale();
  }

  /**
   * Side of the squares of tokens whose mean keys and values every query attends to beside its
   * pattern's own (SPEC 21.4); 1 for none.
   */
  default int pooling() {
    return 1;
  }

  /** Blocks with the same kind have the same pattern. */
  int kind(int layer);

  /** How many layers there are from the first one on until its kind returns, of {@code layers}. */
  default int kinds(int layers) {
    int kinds = 1;
    while (kinds < layers && kind(kinds) != kind(0)) {
      kinds++;
    }
    return kinds;
  }

  /** One line for people, such as {@code full}. */
  String description();

  /** Every token attends to every token, as in the plain Wan models. */
  static SelfAttentionPlan full() {
    return new SelfAttentionPlan() {
      @Override
      public AttentionPattern pattern(int layer, TokenGrid grid) {
        return new AttentionPattern.Full();
      }

      @Override
      public int kind(int layer) {
        return 0;
      }

      @Override
      public String description() {
        return "full attention";
      }
    };
  }
}
