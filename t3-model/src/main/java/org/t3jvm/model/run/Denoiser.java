package org.t3jvm.model.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.Stage;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.fit.DitFit;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.preview.Preview;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.state.RunState;
import org.t3jvm.model.state.SamplingState;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.model.stepcache.StepCache;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Denoises latents [C, T, height, width] under a prompt (SPEC 1, steps 4 to 6). Of several experts
 * only the one that is asked is compiled.
 */
public final class Denoiser implements AutoCloseable {
  private final Backend backend;
  private final List<DitExpert> experts;
  private final SelfAttentionPlan plan;
  private final Shape latentShape;
  private final Prompts prompts;
  private final @Nullable FirstFrame firstFrame;
  private final Dit.Parts parts;
  private final @Nullable StepCacheOption cacheOption;
  private @Nullable CompiledDit compiled;

  /**
   * A denoiser for latents of one shape.
   *
   * @param experts by falling timestep; the last one's lowest is 0
   * @param latentShape [C, T, height, width]
   * @param firstFrame the image that the video starts from, or null
   * @param parts see {@link DitFit}
   * @param cacheOption which steps are not computed, or null to compute all
   */
  public Denoiser(
      Backend backend,
      List<DitExpert> experts,
      SelfAttentionPlan plan,
      Shape latentShape,
      Prompts prompts,
      @Nullable FirstFrame firstFrame,
      Dit.Parts parts,
      @Nullable StepCacheOption cacheOption) {
    this.backend = backend;
    this.experts = List.copyOf(experts);
    this.plan = plan;
    this.latentShape = latentShape;
    this.prompts = prompts;
    this.firstFrame = firstFrame;
    this.parts = parts;
    this.cacheOption = cacheOption;
  }

  /**
   * Runs all steps of {@code scheduler} on {@code latents}, in place.
   *
   * @param guidance strength of the guidance, cfg; without a negative prompt there is none
   */
  public void denoise(Tensor latents, float guidance, Scheduler scheduler, RunProgress progress)
      throws IOException {
    RunState start = new RunState(prompts, imageLatents(), 0, latents, Map.of());
    denoise(start, scheduler.steps(), guidance, scheduler, progress, RunKeeper.NONE);
  }

  /**
   * Runs the steps of {@code scheduler} that {@code start} has not done, on its latents, in place.
   *
   * @param steps to have done at the end, at most all of the scheduler's
   * @param guidance strength of the guidance, cfg; without a negative prompt there is none
   * @param scheduler of all steps, with none done
   * @param keeper keeps the state before the first step and after every one
   * @return how many steps were not computed
   */
  int denoise(
      RunState start,
      int steps,
      float guidance,
      Scheduler scheduler,
      RunProgress progress,
      RunKeeper keeper)
      throws IOException {
    StepCache cache = cache(scheduler.steps());
    scheduler.restore(start.step(), SamplingState.solver(start.solver()));
    if (start.step() >= steps) {
      return 0;
    }
    if (start.step() > 0) {
      cache.restore(SamplingState.cache(start.solver()));
    }
    Tensor latents = start.latents();
    CompiledDit dit = at(scheduler.timestep(start.step()), cache);
    progress.memory(Stage.DENOISE, dit.memoryPlan());
    int sides = prompts.negative() == null ? 1 : 2;
    progress.begin(Stage.DENOISE, steps, sides * dit.expert().config().layers(), start.step());
    Tensor velocity = Tensor.allocate(DType.F32, latentShape);
    @Nullable Tensor opposite = sides == 1 ? null : Tensor.allocate(DType.F32, latentShape);
    CachedModel.Sides velocities = new CachedModel.Sides(velocity, opposite);
    int reused = 0;
    impose(latents);
    keeper.keep(start);
    for (int step = start.step(); step < steps; step++) {
      progress.step(step);
      float timestep = scheduler.timestep(step);
      dit = at(timestep, cache);
      if (step > 0 && !expert(scheduler.timestep(step - 1)).equals(dit.expert())) {
        cache.forget();
      }
      if (cache.reuse(step, latents, velocities, dit.at(latents, timestep, velocities, progress))) {
        reused++;
        progress.reused(step);
      }
      report(step, latents, velocities, guidance, scheduler, progress);
      if (opposite != null) {
        Guidance.apply(velocity, opposite, guidance);
      }
      requireFinite(dit.expert(), velocity, step, scheduler.steps());
      scheduler.step(step, velocity, latents);
      impose(latents);
      keeper.keep(
          new RunState(
              prompts, imageLatents(), step + 1, latents, SamplingState.of(scheduler, cache)));
    }
    progress.end();
    return reused;
  }

  /** What the model got and gave, before the guidance and the scheduler's step change it. */
  private void report(
      int step,
      Tensor latents,
      CachedModel.Sides velocities,
      float guidance,
      Scheduler scheduler,
      RunProgress progress) {
    Map<String, Tensor> computed = new HashMap<>();
    computed.put("latents", latents);
    computed.put("positive", velocities.positive());
    Tensor negative = velocities.negative();
    if (negative != null) {
      computed.put("negative", negative);
    }
    progress.computed(Stage.DENOISE, step, computed);
    progress.preview(
        step,
        () -> Preview.of(latents, velocities, guidance, scheduler.sigma(step), firstFrame != null));
  }

  private @Nullable Tensor imageLatents() {
    return firstFrame == null ? null : firstFrame.latents();
  }

  private void impose(Tensor latents) {
    if (firstFrame != null) {
      firstFrame.impose(latents);
    }
  }

  private StepCache cache(int steps) {
    DitConfig config = experts.getFirst().config();
    TokenGrid grid =
        config.grid(latentShape.intDim(1), latentShape.intDim(2), latentShape.intDim(3));
    Shape tokens = Shape.of(grid.tokens(), config.dim());
    return StepCache.of(cacheOption, new StepCache.Run(steps, prompts.negative() != null, tokens));
  }

  private DitExpert expert(float timestep) {
    return experts.stream()
        .filter(expert -> timestep >= expert.lowestTimestep())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no DiT for timestep " + timestep));
  }

  /** The DiT of a timestep, compiled; the one before gives its memory back first. */
  private CompiledDit at(float timestep, StepCache cache) {
    DitExpert wanted = expert(timestep);
    CompiledDit known = compiled;
    if (known != null && known.expert().equals(wanted)) {
      return known;
    }
    close();
    CompiledDit fresh =
        new CompiledDit(
            backend,
            wanted,
            plan,
            latentShape,
            prompts,
            firstFrame != null,
            parts,
            cache.takesResiduals());
    compiled = fresh;
    return fresh;
  }

  private static void requireFinite(DitExpert expert, Tensor velocity, int step, int steps) {
    FiniteCheck.require(
        velocity,
        "%s step %d of %d".formatted(Stage.DENOISE, step + 1, steps),
        expert.parameters(),
        expert.config().parameterShapes().asMap().keySet().stream());
  }

  @Override
  public void close() {
    CompiledDit known = compiled;
    compiled = null;
    if (known != null) {
      known.close();
    }
  }
}
