package org.t3jvm.model.stepcache;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Gives the velocities of one step after the other, computed or made of earlier ones. */
public interface StepCache {
  /** Computes every step. */
  StepCache NONE =
      new StepCache() {
        @Override
        public boolean reuse(
            int step, Tensor latents, CachedModel.Sides velocities, CachedModel model) {
          model.compute();
          return false;
        }
      };

  /**
   * What a cache is made for.
   *
   * @param steps of the whole run
   * @param guided whether there is a negative side
   * @param tokens shape of the tokens [N, dim]
   */
  record Run(int steps, boolean guided, Shape tokens) {}

  /** The cache of an option; null for none. */
  static StepCache of(@Nullable StepCacheOption option, Run run) {
    if (option == null) {
      return NONE;
    }
    return switch (option.kind()) {
      case TEACACHE -> new TeaCache(option.threshold(), run);
      case EASYCACHE -> new EasyCache(option.threshold(), run);
    };
  }

  /** Bytes that the cache of an option keeps, of latents [C, T, h, w]; 0 for null. */
  static long bytes(@Nullable StepCacheOption option, Run run, Shape latents) {
    if (option == null) {
      return 0;
    }
    int sides = run.guided() ? 2 : 1;
    return Float.BYTES
        * switch (option.kind()) {
          case TEACACHE -> sides * run.tokens().elements();
          case EASYCACHE -> (sides + 2) * latents.elements();
        };
  }

  /**
   * Fills the velocities of a step.
   *
   * @param step from 0; the one after the last, or after those that {@link #restore} stands for
   * @param latents F32 [C, T, h, w] that the model gets
   * @param velocities of the latents' shape, which {@code model} fills
   * @return true if they were not computed
   */
  boolean reuse(int step, Tensor latents, CachedModel.Sides velocities, CachedModel model);

  /** Whether the model must return what its blocks add to the tokens. */
  default boolean takesResiduals() {
    return false;
  }

  /** Another model answers from now on, whose first step is computed. */
  default void forget() {}

  /** What the next steps need of those done, by name; tensors are the cache's own. */
  default Map<String, Tensor> state() {
    return Map.of();
  }

  /**
   * Continues from the state of another cache of the same run.
   *
   * @throws IllegalArgumentException if it is none of a cache of this kind
   */
  default void restore(Map<String, Tensor> state) {}
}
