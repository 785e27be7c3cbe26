package org.t3jvm.model.pipeline;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Denoises latents [C, T, height, width] under a prompt (SPEC 1, steps 4 to 6). Of several experts
 * only the one that is asked is compiled.
 */
public final class Denoiser implements AutoCloseable {
  /** Hears of every step. */
  @FunctionalInterface
  public interface StepListener {
    /** Hears nothing. */
    StepListener NONE = (step, latents, positive, negative) -> {};

    /**
     * Called before the scheduler's step; the tensors are reused by the next one.
     *
     * @param latents what the model got
     * @param positive velocity under the prompt
     * @param negative velocity under the negative prompt, or null without guidance
     */
    void predicted(int step, Tensor latents, Tensor positive, @Nullable Tensor negative);
  }

  private final Backend backend;
  private final List<DitExpert> experts;
  private final SelfAttentionPlan plan;
  private final Shape latentShape;
  private final Prompts prompts;
  private final @Nullable FirstFrame firstFrame;
  private final int headGroups;
  private @Nullable CompiledDit compiled;

  /**
   * A denoiser for latents of one shape.
   *
   * @param experts by falling timestep; the last one's lowest is 0
   * @param latentShape [C, T, height, width]
   * @param firstFrame the image that the video starts from, or null
   * @param headGroups see {@link DitFit}; changes no bit
   */
  public Denoiser(
      Backend backend,
      List<DitExpert> experts,
      SelfAttentionPlan plan,
      Shape latentShape,
      Prompts prompts,
      @Nullable FirstFrame firstFrame,
      int headGroups) {
    this.backend = backend;
    this.experts = List.copyOf(experts);
    this.plan = plan;
    this.latentShape = latentShape;
    this.prompts = prompts;
    this.firstFrame = firstFrame;
    this.headGroups = headGroups;
  }

  /**
   * Runs all steps of {@code scheduler} on {@code latents}, in place.
   *
   * @param guidance strength of the guidance, cfg; without a negative prompt there is none
   */
  public void denoise(
      Tensor latents, float guidance, Scheduler scheduler, Progress progress, StepListener listener)
      throws IOException {
    RunState start = new RunState(prompts, firstFrame, 0, latents, Map.of());
    denoise(start, scheduler.steps(), guidance, scheduler, progress, listener, RunKeeper.NONE);
  }

  /**
   * Runs the steps of {@code scheduler} that {@code start} has not done, on its latents, in place.
   *
   * @param steps to have done at the end, at most all of the scheduler's
   * @param guidance strength of the guidance, cfg; without a negative prompt there is none
   * @param scheduler of all steps, with none done
   * @param keeper keeps the state before the first step and after every one
   */
  void denoise(
      RunState start,
      int steps,
      float guidance,
      Scheduler scheduler,
      Progress progress,
      StepListener listener,
      RunKeeper keeper)
      throws IOException {
    scheduler.restore(start.step(), start.solver());
    if (start.step() >= steps) {
      return;
    }
    Tensor latents = start.latents();
    CompiledDit dit = at(scheduler.timestep(start.step()));
    progress.memory(Stage.DENOISE, dit.memoryPlan());
    int sides = prompts.negative() == null ? 1 : 2;
    progress.begin(Stage.DENOISE, steps, sides * dit.expert().config().layers());
    progress.resumed(Stage.DENOISE, start.step());
    Tensor velocity = Tensor.allocate(DType.F32, latentShape);
    @Nullable Tensor opposite = sides == 1 ? null : Tensor.allocate(DType.F32, latentShape);
    impose(latents);
    keeper.keep(start);
    for (int step = start.step(); step < steps; step++) {
      progress.step(Stage.DENOISE, step);
      dit = at(scheduler.timestep(step));
      dit.predict(latents, scheduler.timestep(step), velocity, opposite, progress);
      listener.predicted(step, latents, velocity, opposite);
      if (opposite != null) {
        Guidance.apply(velocity, opposite, guidance);
      }
      requireFinite(dit.expert(), velocity, step, scheduler.steps());
      scheduler.step(step, velocity, latents);
      impose(latents);
      keeper.keep(new RunState(prompts, firstFrame, step + 1, latents, scheduler.state()));
    }
    progress.end(Stage.DENOISE);
  }

  private void impose(Tensor latents) {
    if (firstFrame != null) {
      firstFrame.impose(latents);
    }
  }

  /** The DiT of a timestep, compiled; the one before gives its memory back first. */
  private CompiledDit at(float timestep) {
    DitExpert wanted =
        experts.stream()
            .filter(expert -> timestep >= expert.lowestTimestep())
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no DiT for timestep " + timestep));
    CompiledDit known = compiled;
    if (known != null && known.expert() == wanted) {
      return known;
    }
    close();
    CompiledDit fresh =
        new CompiledDit(
            backend, wanted, plan, latentShape, prompts, firstFrame != null, headGroups);
    compiled = fresh;
    return fresh;
  }

  private static void requireFinite(DitExpert expert, Tensor velocity, int step, int steps) {
    FiniteCheck.require(
        velocity,
        "%s step %d of %d".formatted(Stage.DENOISE, step + 1, steps),
        expert.parameters(),
        expert.config().manifest().shapes().keySet().stream());
  }

  @Override
  public void close() {
    if (compiled != null) {
      compiled.close();
      compiled = null;
    }
  }
}
