package org.t3jvm.model.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * FreeSwim's second pass. Without a cache both sides of the guidance run two paths (SPEC 20.4).
 * With one, every so many steps refresh what cross-attention gives on the positive side, which the
 * steps between take as it is, and the negative side runs the window path alone (SPEC 20.5). A
 * refresh also follows a switch of the DiT.
 */
final class TwoPaths implements StepModel {
  /** The latents of the last refresh, from which another process makes its values again. */
  private static final String REFRESHED = "refreshed";

  private final ByExpert<CompiledTwoPaths> dits;
  private final int cacheSteps;
  private final Scheduler scheduler;
  private @Nullable Tensor refreshed;

  /** True where the values of the last refresh are not in memory, as after {@link #restore}. */
  private boolean lost;

  /**
   * @param experts by falling timestep
   * @param cacheSteps steps from one refresh to the next; 0 without a cache
   * @param scheduler whose timesteps the steps have
   */
  TwoPaths(
      List<DitExpert> experts,
      Function<DitExpert, CompiledTwoPaths> compile,
      int cacheSteps,
      Scheduler scheduler) {
    this.dits = new ByExpert<>(experts, compile);
    this.cacheSteps = cacheSteps;
    this.scheduler = scheduler;
  }

  private CompiledTwoPaths dit(int step) {
    return dits.at(scheduler.timestep(step));
  }

  @Override
  public DitExpert prepare(int step) {
    return dit(step).expert();
  }

  @Override
  public MemoryPlan memoryPlan(int step) {
    return dit(step).memoryPlan();
  }

  private boolean refreshes(int step) {
    return step % cacheSteps == 0
        || !dits.expert(scheduler.timestep(step)).equals(dits.expert(scheduler.timestep(step - 1)));
  }

  @Override
  public boolean fill(
      int step, Tensor latents, CachedModel.Sides velocities, RunProgress progress) {
    CompiledTwoPaths dit = dit(step);
    float timestep = scheduler.timestep(step);
    if (cacheSteps == 0) {
      dit.twoPaths(latents, timestep, velocities, progress);
      return false;
    }
    if (refreshes(step)) {
      keep(latents);
      dit.refresh(latents, timestep, velocities.positive(), progress);
    } else {
      if (lost && refreshed != null) {
        float then = scheduler.timestep(lastRefresh(step));
        dit.refresh(refreshed, then, velocities.positive(), RunProgress.silent());
      }
      dit.reuse(latents, timestep, velocities.positive(), progress);
    }
    lost = false;
    dit.windowAlone(latents, timestep, velocities, progress);
    return false;
  }

  private void keep(Tensor latents) {
    if (refreshed == null) {
      refreshed = Tensor.allocate(DType.F32, latents.shape());
    }
    refreshed.copyFrom(latents);
  }

  private int lastRefresh(int step) {
    int last = step;
    while (!refreshes(last)) {
      last--;
    }
    return last;
  }

  @Override
  public Map<String, Tensor> state() {
    return refreshed == null ? Map.of() : Map.of(REFRESHED, refreshed);
  }

  @Override
  public void restore(int step, Map<String, Tensor> state) {
    if (cacheSteps == 0) {
      return;
    }
    Tensor kept = state.get(REFRESHED);
    if (kept == null) {
      throw new IllegalArgumentException(
          "the state of a second pass lacks '%s', it has %s".formatted(REFRESHED, state.keySet()));
    }
    keep(kept);
    lost = true;
  }

  @Override
  public void close() {
    dits.close();
  }
}
