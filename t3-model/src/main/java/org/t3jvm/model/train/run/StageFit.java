package org.t3jvm.model.train.run;

import java.util.Map;
import java.util.function.Function;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.train.Objective;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.grad.Gradients;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.train.TrainingJob;

/**
 * How a stage fits into the memory that it may take. The result is the same, bit for bit, whatever
 * is chosen.
 *
 * @param side examples that are computed side by side, one a thread; 1 if all threads compute one
 * @param recompute whether values within regions are computed twice
 * @param bytes that weights, gradients, the optimiser and examples take
 */
record StageFit(int side, boolean recompute, long bytes) {
  private static final int MOMENTS = 2;

  /**
   * What a stage takes.
   *
   * @param weights bytes of all that is trained, F32
   * @param averaged whether averages of the weights are kept
   * @param batch examples of a step, or groups of them that one graph computes
   * @param threads that there are
   */
  record Need(long weights, boolean averaged, int batch, int threads) {
    /** Weights, the sum of their gradients, moments and averages. */
    long state() {
      return weights * (2 + MOMENTS + (averaged ? 1 : 0));
    }

    /**
     * With {@code side} examples that take {@code working} each and have gradients of their own.
     */
    long total(int side, long working) {
      return state() + (batch > 1 ? side * weights : 0) + side * working;
    }
  }

  /**
   * How a stage of a job fits.
   *
   * @param batch examples of a step, or groups of them that one graph computes
   * @param largest graph of its largest example or group, with the loss
   * @param trained weights of that graph
   */
  static StageFit of(
      TrainingJob job,
      int batch,
      Graph largest,
      Map<String, Tensor> trained,
      Backend backend,
      RunOptions options) {
    long bytes = trained.values().stream().mapToLong(each -> each.segment().byteSize()).sum();
    MemoryBudget budget =
        options.memory() == 0 ? MemoryBudget.free() : new MemoryBudget(options.memory(), true);
    return choose(
        backend,
        recompute -> Gradients.of(largest, Objective.LOSS, trained.keySet(), region -> recompute),
        new Need(bytes, job.optimizer().average() > 0, batch, options.workers()),
        budget.beside(MemoryBudget.JVM));
  }

  /**
   * The fastest way that fits: examples side by side, else one at a time, at last with values
   * computed twice.
   *
   * @param graph of an example with its gradients, with values recomputed or not
   * @throws RunFailedException if nothing fits, saying what would
   */
  static StageFit choose(
      Backend backend, Function<Boolean, Graph> graph, Need need, MemoryBudget budget) {
    long kept = working(backend, graph.apply(false));
    // A device computes one example at a time, with all that it has.
    int side = backend.memoryLimit().isPresent() ? 1 : Math.min(need.threads(), need.batch());
    for (int each : side > 1 ? new int[] {side, 1} : new int[] {1}) {
      long bytes = need.total(each, kept);
      if (bytes <= budget.bytes() && kept <= backend.memoryLimit().orElse(kept)) {
        return new StageFit(each, false, bytes);
      }
    }
    long recomputed = working(backend, graph.apply(true));
    long bytes = need.total(1, recomputed);
    if (bytes <= budget.bytes()) {
      return new StageFit(1, true, bytes);
    }
    throw new RunFailedException(
        ("training takes at least %s of memory, %s are there: weights, gradients and moments %s, an"
                + " example %s; train a LoRA, take a smaller size or fewer frames, or allow"
                + " options.memory %s")
            .formatted(
                Sizes.bytes(bytes),
                Sizes.bytes(budget.bytes()),
                Sizes.bytes(need.total(1, 0)),
                Sizes.bytes(recomputed),
                Sizes.bytes(bytes + MemoryBudget.JVM)));
  }

  private static long working(Backend backend, Graph graph) {
    MemoryPlan plan =
        backend
            .plan(graph)
            .orElseThrow(
                () -> new RunFailedException(backend.name() + " cannot plan what training takes"));
    return plan.activations() + plan.scratch();
  }
}
