package org.t3jvm.model.run;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.model.stepcache.StepCache;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * One pass of the DiT for each side of the guidance, or what a step cache makes of earlier ones.
 */
final class OnePath implements StepModel {
  private final ByExpert<CompiledDit> dits;
  private final StepCache cache;
  private final Scheduler scheduler;

  /**
   * @param experts by falling timestep
   * @param scheduler whose timesteps the steps have
   */
  OnePath(
      List<DitExpert> experts,
      Function<DitExpert, CompiledDit> compile,
      StepCache cache,
      Scheduler scheduler) {
    this.dits = new ByExpert<>(experts, compile);
    this.cache = cache;
    this.scheduler = scheduler;
  }

  private CompiledDit dit(int step) {
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

  @Override
  public boolean fill(
      int step, Tensor latents, CachedModel.Sides velocities, RunProgress progress) {
    CompiledDit dit = dit(step);
    if (step > 0 && !dits.expert(scheduler.timestep(step - 1)).equals(dit.expert())) {
      cache.forget();
    }
    return cache.reuse(
        step, latents, velocities, dit.at(latents, scheduler.timestep(step), velocities, progress));
  }

  @Override
  public Map<String, Tensor> state() {
    return cache.state();
  }

  @Override
  public void restore(int step, Map<String, Tensor> state) {
    cache.restore(state);
  }

  @Override
  public void close() {
    dits.close();
  }
}
