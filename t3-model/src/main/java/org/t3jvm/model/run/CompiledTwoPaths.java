package org.t3jvm.model.run;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitExpert;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.hires.KeptValues;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.stepcache.CachedModel;
import org.t3jvm.model.warm.ProgramStack;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;

/**
 * A DiT compiled for the passes of FreeSwim over latents of one shape (SPEC 20.4, 20.5). Programs
 * take turns, and only the one that runs has memory.
 */
final class CompiledTwoPaths implements ByExpert.Compiled {
  private final DitExpert expert;
  private final ProgramStack programs = new ProgramStack();
  private final Program twoPaths;
  private final @Nullable Cached cached;
  private final TextSides text;

  /** What only the cached variant has. */
  private record Cached(Program onKept, Program alone, KeptValues values) {}

  /**
   * @param latentShape [C, T, height, width]
   * @param text of both sides
   * @param values what cross-attention gives, kept for steps to come; null without a cache
   * @throws org.t3jvm.tensor.backend.BackendException if a graph cannot be compiled; nothing is
   *     left open then
   */
  CompiledTwoPaths(
      Backend backend,
      DitExpert expert,
      InwardWindows windows,
      Shape latentShape,
      TextSides text,
      Dit.Parts parts,
      @Nullable KeptValues values) {
    this.expert = expert;
    this.text = text;
    Dit.Job job =
        new Dit.Job(
                expert
                    .config()
                    .grid(latentShape.intDim(1), latentShape.intDim(2), latentShape.intDim(3)),
                text.rows(),
                true,
                false)
            .with(parts);
    try {
      this.twoPaths =
          compile(backend, windows, job.on(values == null ? Dit.Paths.TWO : Dit.Paths.TWO_KEPT));
      this.cached =
          values == null
              ? null
              : new Cached(
                  compile(backend, windows, job.on(Dit.Paths.KEPT)),
                  compile(backend, windows, job.on(Dit.Paths.ONE)),
                  values);
    } catch (RuntimeException | Error e) {
      programs.closeAfter(e);
      throw e;
    }
  }

  private Program compile(Backend backend, InwardWindows windows, Dit.Job job) {
    return programs.push(
        backend.compile(
            Dit.graph(expert.config(), windows, expert.parameters(), job, Taps.NONE),
            expert.parameters()));
  }

  @Override
  public DitExpert expert() {
    return expert;
  }

  /** What the largest of the passes needs in memory. */
  MemoryPlan memoryPlan() {
    return twoPaths.memoryPlan();
  }

  /** Both sides on two paths. */
  void twoPaths(
      Tensor latents, float timestep, CachedModel.Sides velocities, RunProgress progress) {
    run(twoPaths, text.positive(), latents, timestep, outputs(velocities.positive()), progress);
    Tensor negative = velocities.negative();
    if (text.negative() != null && negative != null) {
      run(twoPaths, text.negative(), latents, timestep, outputs(negative), progress);
    }
  }

  /** The positive side on two paths; what cross-attention gives is kept. */
  void refresh(Tensor latents, float timestep, Tensor velocity, RunProgress progress) {
    Map<String, Tensor> outputs = outputs(velocity);
    outputs.putAll(cached().values().tensors());
    run(twoPaths, text.positive(), latents, timestep, outputs, progress);
    twoPaths.release();
  }

  /** The positive side on what was kept. */
  void reuse(Tensor latents, float timestep, Tensor velocity, RunProgress progress) {
    Program program = cached().onKept();
    run(program, cached().values().tensors(), latents, timestep, outputs(velocity), progress);
    program.release();
  }

  /** The negative side, if there is one, on the window path alone. */
  void windowAlone(
      Tensor latents, float timestep, CachedModel.Sides velocities, RunProgress progress) {
    Tensor negative = velocities.negative();
    if (text.negative() != null && negative != null) {
      Program program = cached().alone();
      run(program, text.negative(), latents, timestep, outputs(negative), progress);
      program.release();
    }
  }

  private Cached cached() {
    if (cached == null) {
      throw new IllegalStateException("compiled without a cache");
    }
    return cached;
  }

  private static Map<String, Tensor> outputs(Tensor velocity) {
    return new HashMap<>(Map.of(Dit.VELOCITY, velocity));
  }

  private void run(
      Program program,
      Map<String, Tensor> cross,
      Tensor latents,
      float timestep,
      Map<String, Tensor> outputs,
      RunProgress progress) {
    Map<String, Tensor> inputs = new HashMap<>(cross);
    inputs.put(Dit.LATENTS, latents);
    inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(expert.config().freqDim(), timestep));
    RegionListener listener = region -> progress.block();
    program.run(inputs, outputs, listener);
  }

  @Override
  public void close() {
    programs.close();
  }
}
