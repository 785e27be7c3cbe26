package org.t3jvm.model.run;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.Stage;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.fit.DitFit;
import org.t3jvm.model.hires.KeptValues;
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
public final class Denoiser {
  private final Shape latentShape;
  private final Prompts prompts;
  private final @Nullable FirstFrame firstFrame;
  private final Function<Scheduler, StepModel> model;
  private final Function<Tensor, Pictures> painter;

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
    this(
        latentShape,
        prompts,
        firstFrame,
        scheduler -> {
          StepCache cache =
              StepCache.of(
                  cacheOption,
                  new StepCache.Run(
                      scheduler.steps(),
                      prompts.negative() != null,
                      tokens(experts.getFirst().config(), latentShape)));
          return new OnePath(
              experts,
              expert ->
                  new CompiledDit(
                      backend,
                      expert,
                      plan,
                      latentShape,
                      prompts,
                      firstFrame != null,
                      parts,
                      cache.takesResiduals()),
              cache,
              scheduler);
        });
  }

  /**
   * @param model of a run by a scheduler
   */
  Denoiser(
      Shape latentShape,
      Prompts prompts,
      @Nullable FirstFrame firstFrame,
      Function<Scheduler, StepModel> model) {
    this(latentShape, prompts, firstFrame, model, Preview::projected);
  }

  private Denoiser(
      Shape latentShape,
      Prompts prompts,
      @Nullable FirstFrame firstFrame,
      Function<Scheduler, StepModel> model,
      Function<Tensor, Pictures> painter) {
    this.latentShape = latentShape;
    this.prompts = prompts;
    this.firstFrame = firstFrame;
    this.model = model;
    this.painter = painter;
  }

  /** The same with another way to make pictures of clean latents [C, T, h, w]. */
  Denoiser paintedBy(Function<Tensor, Pictures> other) {
    return new Denoiser(latentShape, prompts, firstFrame, model, other);
  }

  /**
   * A denoiser by FreeSwim's two paths (SPEC 20.4, 20.5).
   *
   * @param experts by falling timestep; the last one's lowest is 0
   * @param latentShape [C, T, height, width]
   * @param cacheSteps steps from one refresh to the next; 0 to compute both paths at every step
   * @param values room for what is kept between refreshes; null without a cache
   */
  public static Denoiser twoPaths(
      Backend backend,
      List<DitExpert> experts,
      InwardWindows windows,
      Shape latentShape,
      Prompts prompts,
      Dit.Parts parts,
      int cacheSteps,
      @Nullable KeptValues values) {
    return new Denoiser(
        latentShape,
        prompts,
        null,
        scheduler ->
            new TwoPaths(
                experts,
                expert ->
                    new CompiledTwoPaths(
                        backend,
                        expert,
                        windows,
                        latentShape,
                        TextSides.of(backend, expert, prompts),
                        parts,
                        values),
                cacheSteps,
                scheduler));
  }

  /** Shape of the tokens [N, dim] of latents [C, T, height, width]. */
  static Shape tokens(DitConfig config, Shape latents) {
    TokenGrid grid = config.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
    return Shape.of(grid.tokens(), config.dim());
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
    scheduler.restore(start.step(), SamplingState.solver(start.solver()));
    if (start.step() >= steps) {
      return 0;
    }
    try (StepModel dits = model.apply(scheduler)) {
      if (start.step() > 0) {
        dits.restore(start.step(), SamplingState.cache(start.solver()));
      }
      return denoise(dits, start, steps, guidance, scheduler, progress, keeper);
    }
  }

  private int denoise(
      StepModel dits,
      RunState start,
      int steps,
      float guidance,
      Scheduler scheduler,
      RunProgress progress,
      RunKeeper keeper)
      throws IOException {
    Tensor latents = start.latents();
    DitExpert first = dits.prepare(start.step());
    progress.memory(Stage.DENOISE, dits.memoryPlan(start.step()));
    int sides = prompts.negative() == null ? 1 : 2;
    progress.begin(Stage.DENOISE, steps, sides * first.config().layers(), start.step());
    Tensor velocity = Tensor.allocate(DType.F32, latentShape);
    @Nullable Tensor opposite = sides == 1 ? null : Tensor.allocate(DType.F32, latentShape);
    CachedModel.Sides velocities = new CachedModel.Sides(velocity, opposite);
    int reused = 0;
    impose(latents);
    keeper.keep(start);
    for (int step = start.step(); step < steps; step++) {
      progress.step(step);
      DitExpert expert = dits.prepare(step);
      if (dits.fill(step, latents, velocities, progress)) {
        reused++;
        progress.reused(step);
      }
      report(step, latents, velocities, guidance, scheduler, progress);
      if (opposite != null) {
        Guidance.apply(velocity, opposite, guidance);
      }
      requireFinite(expert, velocity, step, scheduler.steps());
      scheduler.step(step, velocity, latents);
      impose(latents);
      keeper.keep(
          new RunState(
              prompts,
              imageLatents(),
              step + 1,
              latents,
              SamplingState.of(scheduler.state(), dits.state())));
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
        () ->
            Preview.of(
                latents, velocities, guidance, scheduler.sigma(step), firstFrame != null, painter));
  }

  private @Nullable Tensor imageLatents() {
    return firstFrame == null ? null : firstFrame.latents();
  }

  private void impose(Tensor latents) {
    if (firstFrame != null) {
      firstFrame.impose(latents);
    }
  }

  private static void requireFinite(DitExpert expert, Tensor velocity, int step, int steps) {
    FiniteCheck.require(
        velocity,
        "%s step %d of %d".formatted(Stage.DENOISE, step + 1, steps),
        expert.parameters(),
        expert.config().parameterShapes().asMap().keySet().stream());
  }
}
