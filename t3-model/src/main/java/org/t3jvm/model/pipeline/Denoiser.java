package org.t3jvm.model.pipeline;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Denoises latents [C, T, height, width] under a prompt (SPEC 1, steps 4 to 6). The text side is
 * computed once a prompt; both sides of the guidance run the same compiled program.
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
  private final DitConfig config;
  private final Parameters parameters;
  private final Shape latentShape;
  private final int rows;
  private final Program program;

  /**
   * Compiles the DiT for latents of one shape.
   *
   * @param latentShape [C, T, height, width]
   * @param rows text rows, from {@link TextRows#rowsFor}
   */
  public Denoiser(
      Backend backend,
      DitConfig config,
      Parameters parameters,
      SelfAttentionPlan plan,
      Shape latentShape,
      int rows) {
    this.backend = backend;
    this.config = config;
    this.parameters = parameters;
    this.latentShape = latentShape;
    this.rows = rows;
    TokenGrid grid =
        config.grid(latentShape.intDim(1), latentShape.intDim(2), latentShape.intDim(3));
    Dit.Job job = new Dit.Job(grid, rows, rows < TextRows.TEXT_LENGTH, false);
    this.program = backend.compile(Dit.graph(config, plan, parameters, job, Taps.NONE), parameters);
  }

  /** Prepared text side of one prompt: keys, values and score bias by input name. */
  public record PreparedText(Map<String, Tensor> inputs) {}

  /** Computes the text side of a prompt once. */
  public PreparedText prepare(Tensor context) {
    TextRows folded = TextRows.fold(context, rows);
    try (Program text =
        backend.compile(DitText.graph(config, parameters, rows, Taps.NONE), parameters)) {
      Map<String, Tensor> inputs =
          new HashMap<>(text.run(Map.of(DitText.CONTEXT, folded.context())));
      folded.bias().ifPresent(bias -> inputs.put(Dit.TEXT_BIAS, bias));
      return new PreparedText(Map.copyOf(inputs));
    }
  }

  /** What a forward pass needs in memory. */
  public MemoryPlan memoryPlan() {
    return program.memoryPlan();
  }

  /**
   * Runs all steps of {@code scheduler} on {@code latents}, in place.
   *
   * @param negative text of the negative prompt, or null for no guidance
   * @param guidance strength of the guidance, cfg
   */
  public void denoise(
      Tensor latents,
      PreparedText positive,
      @Nullable PreparedText negative,
      float guidance,
      Scheduler scheduler,
      Progress progress,
      StepListener listener) {
    int sides = negative == null ? 1 : 2;
    progress.begin(Stage.DENOISE, scheduler.steps(), sides * config.layers());
    Tensor velocity = Tensor.allocate(DType.F32, latentShape);
    @Nullable Tensor opposite = negative == null ? null : Tensor.allocate(DType.F32, latentShape);
    for (int step = 0; step < scheduler.steps(); step++) {
      progress.step(Stage.DENOISE, step);
      Tensor sinusoid = TimestepEmbedding.sinusoid(config.freqDim(), scheduler.timestep(step));
      forward(latents, sinusoid, positive, velocity, progress);
      if (negative != null && opposite != null) {
        forward(latents, sinusoid, negative, opposite, progress);
      }
      listener.predicted(step, latents, velocity, opposite);
      if (opposite != null) {
        Guidance.apply(velocity, opposite, guidance);
      }
      requireFinite(velocity, step, scheduler.steps());
      scheduler.step(step, velocity, latents);
    }
    progress.end(Stage.DENOISE);
  }

  private void forward(
      Tensor latents, Tensor sinusoid, PreparedText text, Tensor velocity, Progress progress) {
    Map<String, Tensor> inputs = new HashMap<>(text.inputs());
    inputs.put(Dit.LATENTS, latents);
    inputs.put(Dit.SINUSOID, sinusoid);
    RegionListener blocks = region -> progress.unit();
    program.run(inputs, Map.of(Dit.VELOCITY, velocity), blocks);
  }

  private void requireFinite(Tensor velocity, int step, int steps) {
    FiniteCheck.require(
        velocity,
        "%s step %d of %d".formatted(Stage.DENOISE, step + 1, steps),
        parameters,
        config.manifest().shapes().keySet().stream());
  }

  @Override
  public void close() {
    program.close();
  }
}
