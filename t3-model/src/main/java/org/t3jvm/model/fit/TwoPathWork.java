package org.t3jvm.model.fit;

import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.AttentionPattern;

/**
 * The operations of FreeSwim's second pass, and of its authors' code (SPEC 20.5).
 *
 * @param steps that are done
 * @param refreshes steps whose positive side runs two paths; all of them without a cache
 * @param window self-attention of a sequence in windows
 * @param full self-attention of a sequence to all tokens
 * @param selfAttention of a step, on average
 * @param ours all steps
 * @param upstream all steps of the authors' code
 */
public record TwoPathWork(
    int steps,
    int refreshes,
    double window,
    double full,
    double selfAttention,
    Work ours,
    Upstream upstream) {

  /**
   * What the authors' code computes: every step runs four sequences through all linear layers, two
   * without guidance.
   *
   * @param window self-attention of a sequence in windows, in whole blocks of scores
   * @param needed all steps, if it computed the scores alone that are needed
   * @param total all steps
   */
  public record Upstream(double window, double needed, double total) {}

  /**
   * Counts from shapes alone.
   *
   * @param cacheSteps 0 without a cache
   * @param sides of the guidance, 1 or 2
   */
  static TwoPathWork of(
      DitConfig config,
      InwardWindows windows,
      ParameterTypes types,
      Dit.Job job,
      int steps,
      int cacheSteps,
      int sides) {
    long tokens = job.grid().tokens();
    double flop = 4.0 * config.dim() * config.layers();
    AttentionPattern.Inward pattern = windows.pattern(0, job.grid());
    double window = flop * pattern.scores(tokens, tokens);
    double full = flop * new AttentionPattern.Full().scores(tokens, tokens);
    int refreshes = cacheSteps == 0 ? steps : Math.ceilDiv(steps, cacheSteps);
    double selfAttention =
        sides * window + (cacheSteps == 0 ? sides * full : full * refreshes / steps);
    Work alone = DitSample.work(config, windows, types, job.on(Dit.Paths.ONE));
    Work two = DitSample.work(config, windows, types, job.on(Dit.Paths.TWO));
    Work kept = DitSample.work(config, windows, types, job.on(Dit.Paths.KEPT));
    Work ours =
        cacheSteps == 0
            ? two.times((double) steps * sides)
            : two.times(refreshes)
                .plus(kept.times(steps - refreshes))
                .plus(alone.times((double) steps * (sides - 1)));
    double text = flop * tokens * job.textRows();
    double layers = alone.total() - window - text;
    // One of two sequences attends to the text; none where what that gave is kept.
    double attendings =
        cacheSteps == 0 ? (double) steps * sides : refreshes + (double) steps * (sides - 1);
    double needed = steps * (2 * sides * layers + selfAttention) + attendings * text;
    double blocks = flop * FlexBlocks.scores(pattern);
    return new TwoPathWork(
        steps,
        refreshes,
        window,
        full,
        selfAttention,
        ours,
        new Upstream(blocks, needed, needed + (double) steps * sides * (blocks - window)));
  }
}
