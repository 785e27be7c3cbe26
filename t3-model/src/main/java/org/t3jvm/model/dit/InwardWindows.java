package org.t3jvm.model.dit;

import java.util.Locale;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Windows of one size around each token, moved inward at the edges of a frame, over all frames, in
 * every block: FreeSwim's (SPEC 20.2), and with pooled keys beside them GCLF attention (SPEC 21.4).
 *
 * @param reachH token rows on either side of a query, dh
 * @param reachW token columns on either side of a query, dw
 * @param pooling side of the squares of tokens that are pooled; 1 for none
 * @param entropyScale whether scores are scaled for twice the tokens of training (SPEC 20.3)
 */
public record InwardWindows(int reachH, int reachW, int pooling, boolean entropyScale)
    implements SelfAttentionPlan {
  /** Tokens of a frame in training, 30x52, and twice as many. */
  private static final double ENTROPY_RATIO = Math.log(3120) / Math.log(1560);

  public InwardWindows {
    if (reachH < 0 || reachW < 0 || pooling < 1) {
      throw new IllegalArgumentException(
          "inward windows reach %d,%d with squares of %d pooled, must reach at least 0 and pool at least 1"
              .formatted(reachH, reachW, pooling));
    }
  }

  /** FreeSwim's windows for a base video of this token grid. */
  public static InwardWindows freeSwim(TokenGrid base) {
    return new InwardWindows(base.h() / 2, base.w() / 2, 1, true);
  }

  /** GCLF attention for a base video of this token grid. */
  public static InwardWindows gclf(TokenGrid base, int pooling) {
    return new InwardWindows(base.h() / 2, base.w() / 2, pooling, false);
  }

  @Override
  public AttentionPattern.Inward pattern(int layer, TokenGrid grid) {
    int pooled =
        pooling == 1 ? 0 : Math.multiplyExact(grid.t(), grid.h() / pooling * (grid.w() / pooling));
    return new AttentionPattern.Inward(grid, reachH, reachW, pooled);
  }

  @Override
  public float scale(DitConfig config) {
    return entropyScale
        ? (float) Math.sqrt(ENTROPY_RATIO / config.headDim())
        : config.attentionScale();
  }

  /**
   * Fails unless whole squares of pooled tokens fill a frame of {@code grid}.
   *
   * @throws IllegalArgumentException naming the grid
   */
  public void requireFit(TokenGrid grid) {
    if (grid.h() % pooling != 0 || grid.w() % pooling != 0) {
      throw new IllegalArgumentException(
          "squares of %d tokens do not divide the token grid %s (latent frames x rows/2 x columns/2)"
              .formatted(pooling, grid));
    }
  }

  @Override
  public int kind(int layer) {
    return 0;
  }

  @Override
  public String description() {
    return String.format(
        Locale.ROOT,
        "inward windows of %dx%d tokens%s",
        2 * reachH + 1,
        2 * reachW + 1,
        pooling == 1 ? "" : ", squares of %d pooled".formatted(pooling));
  }
}
