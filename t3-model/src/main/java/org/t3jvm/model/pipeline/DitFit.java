package org.t3jvm.model.pipeline;

import java.util.Optional;
import java.util.stream.IntStream;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;

/**
 * How a forward pass of the DiT is computed within a budget: queries, keys and values of all heads
 * at once where they fit, else of one group of heads after the other; on a backend that limits the
 * size of a value, the feed-forward network of some tokens after the other.
 *
 * @param job with the parts that were chosen
 * @param memory of the program; empty if the backend cannot tell before it compiles
 * @param held bytes beside it: latents, a solver's history, velocities, a step cache
 */
public record DitFit(Dit.Job job, Optional<MemoryPlan> memory, long held) {
  /** Latents, noise or a solver's history, and the velocities of both guidance branches. */
  private static final int HELD_LATENTS = 5;

  /**
   * The fit with the fewest head groups, and so the least work.
   *
   * @param types of the DiT's parameters
   * @param latents shape of the latents
   * @param cache bytes that a step cache keeps
   * @throws PipelineException if no number of head groups fits
   */
  public static DitFit of(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job,
      Shape latents,
      long cache,
      MemoryBudget budget) {
    long held = HELD_LATENTS * latents.elements() * Float.BYTES + cache;
    long hidden = job.grid().tokens() * (long) config.ffn();
    int chunks = Math.toIntExact(Math.ceilDiv(hidden, backend.maxElements()));
    long least = held;
    for (int groups : groups(config)) {
      Dit.Job grouped = job.with(new Dit.Parts(groups, chunks));
      DitFit fit = new DitFit(grouped, backend.plan(graph(config, plan, types, grouped)), held);
      least = fit.bytes();
      if (fit.memory.isEmpty() || least <= budget.bytes()) {
        return fit;
      }
    }
    throw budget.shortage("denoising %d tokens".formatted(job.grid().tokens()), least);
  }

  private static int[] groups(DitConfig config) {
    return IntStream.rangeClosed(1, config.heads()).filter(n -> config.heads() % n == 0).toArray();
  }

  /** One block of each kind: blocks run one after the other, so that more need no more memory. */
  private static Graph graph(
      DitConfig config, SelfAttentionPlan plan, ParameterTypes types, Dit.Job job) {
    DitConfig kinds = config.withLayers(plan.kinds(config.layers()));
    return Dit.graph(kinds, plan, types, job, Taps.NONE);
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held + memory.map(GraphMemory::working).orElse(0L);
  }
}
