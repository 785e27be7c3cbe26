package org.t3jvm.model.fit;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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

  /**
   * As {@link Search#fit}; of passes on two paths also where what they keep lies, if they do.
   *
   * @param types of the DiT's parameters
   * @param latents shape of the latents
   * @param cache bytes that a step cache keeps
   */
  static DitFit closest(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job,
      Shape latents,
      long cache,
      MemoryBudget budget) {
    long held = HELD_LATENTS * latents.elements() * Float.BYTES + cache;
    DitFit fit = new Search(backend, config, plan, types, job, held, budget).fit();
    if (job.paths() != Dit.Paths.TWO_KEPT) {
      return fit;
    }
    long blockBytes = KeptValues.bytes(Shape.of(job.grid().tokens(), config.dim()));
    KeptFit kept = KeptFit.of(config.layers(), blockBytes, budget.bytes() - fit.bytes());
    return new DitFit(fit.job, fit.memory, fit.held, Optional.of(kept));
  }

  private record Search(
      Backend backend,
      DitConfig config,
      SelfAttentionPlan plan,
      ParameterTypes types,
      Dit.Job job,
      long held,
      MemoryBudget budget) {
    /**
     * The fit with the fewest head groups, and so the least work; of these the one that brings the
     * fewest weights in every pass. If none fits, the one that takes least memory.
     */
    DitFit fit() {
      int[] groups = groups(backend, config, job);
      DitFit whole = inGroups(groups[0]);
      if (whole.fits(budget)) {
        return whole;
      }
      DitFit least = inGroups(groups[groups.length - 1]);
      for (int i = 1; i < groups.length - 1 && least.fits(budget); i++) {
        DitFit fit = inGroups(groups[i]);
        if (fit.fits(budget)) {
          return fit;
        }
      }
      return least;
    }

    private DitFit inGroups(int groups) {
      @Nullable DitFit best = null;
      for (int chunks : chunks(backend, config, job)) {
        Dit.Job parts = job.with(new Dit.Parts(groups, chunks));
        Graph graph = graph(backend, config, plan, types, parts);
        DitFit fit = new DitFit(parts, backend.plan(graph), held, Optional.empty());
        if (best == null || isBetter(fit, best)) {
          best = fit;
        }
        if (best.fits(budget) && best.streamed() == 0) {
          break;
        }
      }
      return Objects.requireNonNull(best);
    }

    private boolean isBetter(DitFit fit, DitFit other) {
      if (fit.fits(budget) != other.fits(budget)) {
        return fit.fits(budget);
      }
      return fit.fits(budget) ? fit.streamed() < other.streamed() : fit.bytes() < other.bytes();
    }
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

  /** Numbers of head groups to try, of whose queries and keys the backend can hold each. */
  private static int[] groups(Backend backend, DitConfig config, Dit.Job job) {
    long queries = job.grid().tokens() * (long) config.dim();
    long fewest = Math.ceilDiv(queries, backend.maxElements());
    return IntStream.rangeClosed(1, config.heads())
        .filter(n -> config.heads() % n == 0 && n >= Math.min(fewest, config.heads()))
        .toArray();
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

  /** Whether a budget has room for it. */
  private boolean fits(MemoryBudget budget) {
    return memory.isEmpty() || bytes() <= budget.bytes();
  }

  /** Bytes in all, but for the weights. */
  public long bytes() {
    return held
        + memory.map(GraphMemory::working).orElse(0L)
        + kept.map(KeptFit::memory).orElse(0L);
  }
}
