package org.t3jvm.model.fit;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SecondPass;
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
 * @param base of the pass before a second one; its frames wait in a temporary file
 */
public record JobFit(long text, long encode, DitFit dit, DecodeFit decode, Optional<JobFit> base) {
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
    SecondPass second = request.second();
    Optional<JobFit> base =
        second == null ? Optional.empty() : Optional.of(fit(model, second.base(), backend, budget));
    Shape latents = request.latentShape(model.vae());
    StepCacheOption cache = request.cache();
    Dit.Job job =
        new Dit.Job(
                request.grid(model.dit(), model.vae()),
                TextRows.TEXT_LENGTH,
                true,
                request.image() != null)
            .withResidual(cache != null && cache.kind() == StepCacheOption.Kind.TEACACHE)
            .on(paths(second));
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
    String source = request.image() != null ? "an image" : "a video";
    budget.require(
        encode, "encoding %s of %dx%d".formatted(source, request.width(), request.height()));
    return new JobFit(text, encode, dit, decode, base);
  }

  /** The paths of the pass that takes most memory. */
  private static Dit.Paths paths(@Nullable SecondPass second) {
    Integer cacheSteps = second == null ? null : second.hires().cacheSteps();
    if (cacheSteps == null) {
      return Dit.Paths.ONE;
    }
    return cacheSteps == 0 ? Dit.Paths.TWO : Dit.Paths.TWO_KEPT;
  }

  private static long encode(ModelTypes model, GenerationRequest request, Backend backend) {
    boolean video = request.source() != null || request.second() != null;
    if (request.image() == null && !video) {
      return 0;
    }
    boolean oneFrame = !video || request.frames() == 1;
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
    long own = Math.max(Math.max(text, encode), Math.max(dit.bytes(), decode.bytes()));
    return Math.max(own, base.map(JobFit::peak).orElse(0L));
  }
}
