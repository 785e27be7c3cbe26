package org.t3jvm.model.fit;

import java.util.Optional;
import java.util.stream.IntStream;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.hires.KeptValues;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.Graph;

/**
 * How a forward pass of the DiT is computed within a budget: queries, keys and values of all heads
 * at once where they fit, else of one group of heads after the other; on a device the feed-forward
 * network of some tokens after the other.
 *
 * @param job with the parts that were chosen
 * @param memory of the program; empty if the backend cannot tell before it compiles
 * @param held bytes beside it: latents, a solver's history, velocities, a step cache
 * @param kept what passes on two paths keep for those to come, if they do
 */
public record DitFit(Dit.Job job, Optional<MemoryPlan> memory, long held, Optional<KeptFit> kept) {
  /** Latents, noise or a solver's history, and the velocities of both guidance branches. */
  private static final int HELD_LATENTS = 5;

  /** As {@link #pass}; of passes on two paths also where what they keep lies, if they do. */
  public static DitFit of(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job,
      Shape latents,
      long cache,
      MemoryBudget budget) {
    DitFit fit = pass(backend, config, plan, types, job, latents, cache, budget);
    if (job.paths() != Dit.Paths.TWO_KEPT) {
      return fit;
    }
    long blockBytes = KeptValues.bytes(Shape.of(job.grid().tokens(), config.dim()));
    KeptFit kept = KeptFit.of(config.layers(), blockBytes, budget.bytes() - fit.bytes());
    return new DitFit(fit.job, fit.memory, fit.held, Optional.of(kept));
  }

  /**
   * The fit with the fewest head groups, and so the least work; of these the one that brings the
   * fewest weights in every pass.
   *
   * @param types of the DiT's parameters
   * @param latents shape of the latents
   * @param cache bytes that a step cache keeps
   * @throws RunFailedException if no number of head groups fits
   */
  private static DitFit pass(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job,
      Shape latents,
      long cache,
      MemoryBudget budget) {
    long held = HELD_LATENTS * latents.elements() * Float.BYTES + cache;
    long least = held;
    for (int groups : groups(config)) {
      Optional<DitFit> best = Optional.empty();
      for (int chunks : chunks(backend, config, job)) {
        Dit.Job parts = job.with(new Dit.Parts(groups, chunks));
        Graph graph = graph(backend, config, plan, types, parts);
        DitFit fit = new DitFit(parts, backend.plan(graph), held, Optional.empty());
        least = fit.bytes();
        if (fit.memory.isEmpty() || least <= budget.bytes()) {
          best =
              best.filter(other -> other.streamed() <= fit.streamed()).or(() -> Optional.of(fit));
        }
        if (best.isPresent() && best.get().streamed() == 0) {
          return best.get();
        }
      }
      if (best.isPresent()) {
        return best.get();
      }
    }
    throw budget.shortage("denoising %d tokens".formatted(job.grid().tokens()), least);
  }

  /**
   * Numbers of token chunks to try: as few as the size of a value allows; on a device, whose memory
   * all values and weights share, also so many that a chunk's hidden values take no more than all
   * tokens do, or half of that. More chunks are as much work.
   */
  private static int[] chunks(Backend backend, DitConfig config, Dit.Job job) {
    long hidden = job.grid().tokens() * (long) config.ffn();
    int fewest = Math.toIntExact(Math.ceilDiv(hidden, backend.maxElements()));
    int even = Math.ceilDiv(config.ffn(), config.dim());
    return backend.memoryLimit().isPresent()
        ? IntStream.of(fewest, even, 2 * even)
            .filter(n -> n >= fewest && n <= job.grid().tokens())
            .distinct()
            .toArray()
        : new int[] {fewest};
  }

  private static int[] groups(DitConfig config) {
    return IntStream.rangeClosed(1, config.heads()).filter(n -> config.heads() % n == 0).toArray();
  }

  /**
   * All blocks where their weights share the memory of the values; else one of each kind, since
   * blocks run one after the other, so that more need no more memory.
   */
  private static Graph graph(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job) {
    DitConfig blocks =
        backend.memoryLimit().isPresent()
            ? config
            : config.withLayers(DitSample.layers(config, plan, job));
    return Dit.graph(blocks, plan, types, job, Taps.NONE);
  }

  /** Bytes of weights that a device has no room for, which every pass brings to it. */
  public long streamed() {
    return memory.map(MemoryPlan::streamed).orElse(0L);
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held
        + memory.map(GraphMemory::working).orElse(0L)
        + kept.map(KeptFit::memory).orElse(0L);
  }
}
