package org.t3jvm.model.pipeline;

import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.stepcache.StepCache;
import org.t3jvm.model.stepcache.StepCacheOption;
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
    StepCacheOption cache = request.cache();
    Dit.Job job =
        new Dit.Job(
                request.grid(model.dit(), model.vae()),
                TextRows.TEXT_LENGTH,
                false,
                request.image() != null)
            .withResidual(cache != null && cache.kind() == StepCacheOption.Kind.TEACACHE);
    StepCache.Run run =
        new StepCache.Run(
            request.scheduler().steps(),
            request.guided(),
            Shape.of(job.grid().tokens(), model.dit().dim()));
    return new JobFit(
        DitFit.of(
            backend,
            model.dit(),
            request.attention(),
            model.ditTypes(),
            job,
            latents,
            StepCache.bytes(cache, run, latents),
            budget),
        DecodeFit.of(backend, model.vae(), model.vaeTypes(), latents, budget));
  }
}
