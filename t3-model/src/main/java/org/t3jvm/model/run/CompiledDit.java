package org.t3jvm.model.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.fit.DitFit;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.model.warm.ProgramStack;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * A DiT compiled for latents of one shape, with the text side of both prompts computed: keys and
 * values are the same at every step (SPEC 17). Both sides of the guidance run the same program.
 */
final class CompiledDit implements ByExpert.Compiled {
  private final DitExpert expert;
  private final boolean separated;
  private final ProgramStack programs = new ProgramStack();
  private final Program program;
  private final @Nullable CachePrograms cachePrograms;
  private final TextSides text;

  /**
   * @param latentShape [C, T, height, width]
   * @param separated whether latent frame 0 is at timestep 0 (SPEC 4)
   * @param parts see {@link DitFit}
   * @param residuals whether a step may be asked for residuals, and to be made of them
   * @throws org.t3jvm.tensor.backend.BackendException if a graph cannot be compiled or the text
   *     side cannot be computed; nothing is left open then
   */
  CompiledDit(
      Backend backend,
      DitExpert expert,
      SelfAttentionPlan plan,
      Shape latentShape,
      Prompts prompts,
      boolean separated,
      Dit.Parts parts,
      boolean residuals) {
    this.expert = expert;
    this.separated = separated;
    DitConfig config = expert.config();
    TokenGrid grid =
        config.grid(latentShape.intDim(1), latentShape.intDim(2), latentShape.intDim(3));
    Dit.Job job =
        new Dit.Job(grid, TextSides.rows(prompts), true, separated)
            .with(parts)
            .withResidual(residuals);
    try {
      this.program =
          programs.push(compile(backend, Dit.graph(config, plan, weights(), job, Taps.NONE)));
      this.cachePrograms =
          residuals
              ? new CachePrograms(
                  programs.push(
                      compile(backend, Dit.modulationGraph(config, plan, weights(), job))),
                  programs.push(compile(backend, Dit.reuseGraph(config, plan, weights(), job))))
              : null;
      this.text = TextSides.of(backend, expert, prompts);
    } catch (RuntimeException | Error e) {
      programs.closeAfter(e);
      throw e;
    }
  }

  /** What a step cache runs instead of the whole DiT. */
  private record CachePrograms(Program modulation, Program reuse) {}

  private Parameters weights() {
    return expert.parameters();
  }

  private Program compile(Backend backend, Graph graph) {
    return backend.compile(graph, weights());
  }

  @Override
  public DitExpert expert() {
    return expert;
  }

  /** What a forward pass needs in memory. */
  MemoryPlan memoryPlan() {
    return program.memoryPlan();
  }

  /** One step of this DiT; a step cache asks it. */
  CachedModel at(
      Tensor latents, float timestep, CachedModel.Sides velocities, RunProgress progress) {
    return new Step(latents, sinusoid(timestep), velocities, progress);
  }

  private Tensor sinusoid(float timestep) {
    int freqDim = expert.config().freqDim();
    return separated
        ? TimestepEmbedding.sinusoid(freqDim, 0, timestep)
        : TimestepEmbedding.sinusoid(freqDim, timestep);
  }

  private final class Step implements CachedModel {
    private final Tensor latents;
    private final Tensor sinusoid;
    private final Sides velocities;
    private final RunProgress progress;

    Step(Tensor latents, Tensor sinusoid, Sides velocities, RunProgress progress) {
      this.latents = latents;
      this.sinusoid = sinusoid;
      this.velocities = velocities;
      this.progress = progress;
    }

    private CachePrograms cachePrograms() {
      return Objects.requireNonNull(cachePrograms, "compiled without residuals");
    }

    @Override
    public float[] modulation() {
      Map<String, Tensor> outputs =
          cachePrograms().modulation().run(Map.of(Dit.SINUSOID, sinusoid));
      float[] rows = Objects.requireNonNull(outputs.get(Dit.MODULATION)).toFloats();
      // With a separated timestep the first row is of timestep 0 at every step.
      int last = rows.length - rows.length / (separated ? 2 : 1);
      return Arrays.copyOfRange(rows, last, rows.length);
    }

    @Override
    public void compute() {
      forward(text.positive(), velocities.positive(), null);
      if (text.negative() != null && velocities.negative() != null) {
        forward(text.negative(), velocities.negative(), null);
      }
    }

    @Override
    public void compute(Sides residuals) {
      forward(text.positive(), velocities.positive(), residuals.positive());
      if (text.negative() != null && velocities.negative() != null) {
        forward(text.negative(), velocities.negative(), residuals.negative());
      }
    }

    @Override
    public void reuse(Sides residuals) {
      reuse(residuals.positive(), velocities.positive());
      if (residuals.negative() != null && velocities.negative() != null) {
        reuse(residuals.negative(), velocities.negative());
      }
    }

    private void reuse(Tensor residual, Tensor velocity) {
      cachePrograms()
          .reuse()
          .run(
              Map.of(Dit.LATENTS, latents, Dit.SINUSOID, sinusoid, Dit.RESIDUAL, residual),
              Map.of(Dit.VELOCITY, velocity),
              RegionListener.NONE);
    }

    private void forward(Map<String, Tensor> side, Tensor velocity, @Nullable Tensor residual) {
      Map<String, Tensor> inputs = new HashMap<>(side);
      inputs.put(Dit.LATENTS, latents);
      inputs.put(Dit.SINUSOID, sinusoid);
      Map<String, Tensor> outputs =
          residual == null
              ? Map.of(Dit.VELOCITY, velocity)
              : Map.of(Dit.VELOCITY, velocity, Dit.RESIDUAL, residual);
      program.run(inputs, outputs, region -> progress.block());
    }
  }

  @Override
  public void close() {
    programs.close();
  }
}
