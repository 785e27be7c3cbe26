package org.t3jvm.model.pipeline;

import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;

/** How the stages of a job fit into a budget, known before anything is computed. */
public record JobFit(DitFit dit, DecodeFit decode) {
  /**
   * Fits a job.
   *
   * @throws PipelineException if a stage does not fit, saying what would
   */
  public static JobFit of(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    Shape latents = request.latentShape(model.vae());
    Dit.Job job =
        new Dit.Job(
            request.grid(model.dit(), model.vae()),
            TextRows.TEXT_LENGTH,
            false,
            request.image() != null);
    return new JobFit(
        DitFit.of(
            backend, model.dit(), request.attention(), model.ditTypes(), job, latents, budget),
        DecodeFit.of(backend, model.vae(), model.vaeTypes(), latents, budget));
  }
}
