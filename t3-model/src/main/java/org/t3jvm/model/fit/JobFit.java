package org.t3jvm.model.fit;

import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.stepcache.StepCache;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Backend;

/**
 * How the stages of a job fit into a budget, known before anything is computed.
 *
 * @param text bytes of encoding a prompt at its longest, but for the weights
 * @param encode bytes of encoding what the video starts from, but for the weights; 0 if it starts
 *     from noise
 */
public record JobFit(long text, long encode, DitFit dit, DecodeFit decode) {
  /**
   * Fits a job.
   *
   * @throws RunFailedException if a stage does not fit, saying what would
   */
  public static JobFit of(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    try {
      return fit(model, request, backend, budget);
    } catch (ShortageException e) {
      String smaller = new SmallerJobs(model, request, backend, budget).description();
      throw new RunFailedException(e.getMessage() + smaller);
    }
  }

  /**
   * Fits a job.
   *
   * @throws ShortageException if a stage does not fit
   */
  static JobFit fit(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    Shape latents = request.latentShape(model.vae());
    StepCacheOption cache = request.cache();
    Dit.Job job =
        new Dit.Job(
                request.grid(model.dit(), model.vae()),
                TextRows.TEXT_LENGTH,
                true,
                request.image() != null)
            .withResidual(cache != null && cache.kind() == StepCacheOption.Kind.TEACACHE);
    StepCache.Run run =
        new StepCache.Run(
            request.scheduler().steps(),
            request.guided(),
            Shape.of(job.grid().tokens(), model.dit().dim()));
    DitFit dit =
        DitFit.of(
            backend,
            model.dit(),
            request.attention(),
            model.ditTypes(),
            job,
            latents,
            StepCache.bytes(cache, run, latents),
            budget);
    DecodeFit decode =
        DecodeFit.of(backend, model.vae(), model.vaeTypes(), latents, request.tiling(), budget);
    long text =
        GraphMemory.all(backend, Umt5.graph(model.text(), model.textTypes(), TextRows.TEXT_LENGTH));
    budget.require(text, "encoding a prompt");
    long encode = encode(model, request, backend);
    String source = request.source() == null ? "an image" : "a video";
    budget.require(
        encode, "encoding %s of %dx%d".formatted(source, request.width(), request.height()));
    return new JobFit(text, encode, dit, decode);
  }

  private static long encode(ModelTypes model, GenerationRequest request, Backend backend) {
    if (request.image() == null && request.source() == null) {
      return 0;
    }
    boolean oneFrame = request.source() == null || request.frames() == 1;
    int factor = model.vae().spatialFactor();
    Tiling tiling = request.tiling();
    int height =
        tiling == null ? request.height() : Math.min(request.height(), tiling.rows() * factor);
    int width =
        tiling == null ? request.width() : Math.min(request.width(), tiling.columns() * factor);
    return GraphMemory.all(
        backend, VaeEncoder.chunk(model.vae(), model.vaeTypes(), height, width, oneFrame));
  }

  /** Bytes of the stage that takes most, but for the weights. */
  public long peak() {
    return Math.max(Math.max(text, encode), Math.max(dit.bytes(), decode.bytes()));
  }
}
