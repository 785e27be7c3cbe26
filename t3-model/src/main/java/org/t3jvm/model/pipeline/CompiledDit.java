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
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * A DiT compiled for latents of one shape, with the text side of both prompts computed: keys and
 * values are the same at every step (SPEC 17). Both sides of the guidance run the same program.
 */
final class CompiledDit implements AutoCloseable {
  private final DitExpert expert;
  private final boolean separated;
  private final Program program;
  private final Map<String, Tensor> positive;
  private final @Nullable Map<String, Tensor> negative;

  /**
   * @param latentShape [C, T, height, width]
   * @param separated whether latent frame 0 is at timestep 0 (SPEC 4)
   * @param headGroups see {@link DitFit}
   */
  CompiledDit(
      Backend backend,
      DitExpert expert,
      SelfAttentionPlan plan,
      Shape latentShape,
      Prompts prompts,
      boolean separated,
      int headGroups) {
    this.expert = expert;
    this.separated = separated;
    DitConfig config = expert.config();
    TokenGrid grid =
        config.grid(latentShape.intDim(1), latentShape.intDim(2), latentShape.intDim(3));
    int rows = prompts.rows();
    Dit.Job job = new Dit.Job(grid, rows, rows < TextRows.TEXT_LENGTH, separated, headGroups);
    this.positive = prepare(backend, prompts.positive(), rows);
    this.negative = prompts.negative() == null ? null : prepare(backend, prompts.negative(), rows);
    this.program =
        backend.compile(
            Dit.graph(config, plan, expert.parameters(), job, Taps.NONE), expert.parameters());
  }

  private Map<String, Tensor> prepare(Backend backend, Tensor context, int rows) {
    TextRows folded = TextRows.fold(context, rows);
    try (Program text =
        backend.compile(
            DitText.graph(expert.config(), expert.parameters(), rows, Taps.NONE),
            expert.parameters())) {
      Map<String, Tensor> inputs =
          new HashMap<>(text.run(Map.of(DitText.CONTEXT, folded.context())));
      folded.bias().ifPresent(bias -> inputs.put(Dit.TEXT_BIAS, bias));
      // Read-only tells a device that it may keep the text from step to step.
      inputs.replaceAll((name, tensor) -> tensor.asReadOnly());
      return Map.copyOf(inputs);
    }
  }

  DitExpert expert() {
    return expert;
  }

  /** What a forward pass needs in memory. */
  MemoryPlan memoryPlan() {
    return program.memoryPlan();
  }

  /**
   * The velocities at one timestep.
   *
   * @param velocity filled with the velocity under the prompt
   * @param opposite filled with the one under the negative prompt; null without guidance
   */
  void predict(
      Tensor latents,
      float timestep,
      Tensor velocity,
      @Nullable Tensor opposite,
      Progress progress) {
    int freqDim = expert.config().freqDim();
    Tensor sinusoid =
        separated
            ? TimestepEmbedding.sinusoid(freqDim, 0, timestep)
            : TimestepEmbedding.sinusoid(freqDim, timestep);
    forward(latents, sinusoid, positive, velocity, progress);
    if (negative != null && opposite != null) {
      forward(latents, sinusoid, negative, opposite, progress);
    }
  }

  private void forward(
      Tensor latents,
      Tensor sinusoid,
      Map<String, Tensor> text,
      Tensor velocity,
      Progress progress) {
    Map<String, Tensor> inputs = new HashMap<>(text);
    inputs.put(Dit.LATENTS, latents);
    inputs.put(Dit.SINUSOID, sinusoid);
    program.run(inputs, Map.of(Dit.VELOCITY, velocity), region -> progress.unit());
  }

  @Override
  public void close() {
    program.close();
  }
}
