package org.t3jvm.model.fit;

import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * The operations of one forward pass of the DiT, and what others would need.
 *
 * @param work of this program
 * @param fullAttention all of a pass whose blocks attend to all tokens, as the plain Wan models do
 * @param upstream all of a pass of T3-Video's own code, which computes both groupings always (SPEC
 *     17)
 * @param textKey what one key of the text costs in all cross-attentions
 */
public record ForwardWork(Work work, double fullAttention, double upstream, double textKey) {
  /** Counts a pass from shapes alone. */
  static ForwardWork of(
      DitConfig config, SelfAttentionPlan plan, ParameterTypes types, Dit.Job job) {
    Work work = DitSample.work(config, plan, types, job);
    double self = 0;
    double upstream = 0;
    for (int layer = 0; layer < config.layers(); layer++) {
      self += selfAttention(config, job.grid(), plan.pattern(layer, job.grid()));
      upstream += upstream(config, job.grid(), plan, layer);
    }
    double rest = work.total() - self - repeated(config, job);
    double full = config.layers() * selfAttention(config, job.grid(), new AttentionPattern.Full());
    double textKey = 4.0 * job.grid().tokens() * config.dim() * config.layers();
    return new ForwardWork(work, rest + full, rest + upstream, textKey);
  }

  /**
   * What is saved with a prompt of {@code tokens}: all rows behind it are alike, and one key stands
   * for them (SPEC 17).
   */
  public double savedByText(int tokens) {
    return (TextRows.TEXT_LENGTH - TextRows.rowsFor(Math.min(tokens, TextRows.TEXT_LENGTH)))
        * textKey;
  }

  /** Projections of queries and keys that head groups compute a second time. */
  private static double repeated(DitConfig config, Dit.Job job) {
    double projection = 2.0 * job.grid().tokens() * config.dim() * config.dim();
    return job.parts().headGroups() == 1 ? 0 : 2 * projection * config.layers();
  }

  private static double upstream(
      DitConfig config, TokenGrid grid, SelfAttentionPlan plan, int layer) {
    if (plan instanceof T3Windows windows) {
      return selfAttention(
          config,
          grid,
          new AttentionPattern.Windows(
              grid, windows.kinds().get(plan.kind(layer)), AttentionPattern.Grouping.BOTH));
    }
    return selfAttention(config, grid, plan.pattern(layer, grid));
  }

  private static double selfAttention(DitConfig config, TokenGrid grid, AttentionPattern pattern) {
    return 4 * pattern.scores(grid.tokens(), grid.tokens()) * config.dim();
  }
}
