package org.t3jvm.model.fit;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param largest the stage that takes most memory
 */
public record JobFit(
    long text, long encode, DitFit dit, DecodeFit decode, Optional<JobFit> base, Need largest) {
  /** A stage, and the bytes that it takes, but for the weights. */
  public record Need(String stage, long bytes) {}

  /**
   * Fits a job.
   *
   * @throws RunFailedException if a stage does not fit, saying what would
   */
  public static JobFit of(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    JobFit fit = closest(model, request, backend, budget);
    Optional<String> shortage = fit.shortage(model, request, backend, budget);
    if (shortage.isPresent()) {
      throw new RunFailedException(shortage.get());
    }
    return fit;
  }

  /** Fits a job; a stage that does not fit is done with the least memory that it can be done in. */
  public static JobFit closest(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    SecondPass second = request.second();
    Optional<JobFit> base =
        second == null
            ? Optional.empty()
            : Optional.of(closest(model, second.base(), backend, budget));
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
        DitFit.closest(
            backend,
            model.dit(),
            request.attention(),
            model.ditTypes(),
            job,
            latents,
            StepCache.bytes(cache, run, latents),
            budget);
    DecodeFit decode =
        DecodeFit.closest(
            backend, model.vae(), model.vaeTypes(), latents, request.tiling(), budget);
    long text =
        GraphMemory.all(backend, Umt5.graph(model.text(), model.textTypes(), TextRows.TEXT_LENGTH));
    long encode = encode(model, request, backend);
    String source = request.image() != null ? "an image" : "a video";
    Need largest =
        Stream.of(
                new Need("encoding a prompt", text),
                new Need(
                    "encoding %s of %dx%d".formatted(source, request.width(), request.height()),
                    encode),
                new Need("denoising %d tokens".formatted(job.grid().tokens()), dit.bytes()),
                new Need(DecodeFit.name(model.vae(), latents, request.tiling()), decode.bytes()))
            .max(Comparator.comparingLong(Need::bytes))
            .orElseThrow();
    Need before = base.map(JobFit::largest).orElse(largest);
    return new JobFit(
        text, encode, dit, decode, base, before.bytes() > largest.bytes() ? before : largest);
  }

  /**
   * Why a budget has no room for it, and what would fit; empty if it has.
   *
   * @param request that this fits
   */
  public Optional<String> shortage(
      ModelTypes model, GenerationRequest request, Backend backend, MemoryBudget budget) {
    return budget
        .shortage(largest)
        .map(line -> line + new SmallerJobs(model, request, backend, budget).description());
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
    int frames = request.encodedFrames();
    if (frames == 0) {
      return 0;
    }
    int factor = model.vae().spatialFactor();
    Tiling tiling = request.tiling();
    int height =
        tiling == null ? request.height() : Math.min(request.height(), tiling.rows() * factor);
    int width =
        tiling == null ? request.width() : Math.min(request.width(), tiling.columns() * factor);
    return GraphMemory.all(
        backend, VaeEncoder.chunk(model.vae(), model.vaeTypes(), height, width, frames == 1));
  }

  /** Bytes of the stage that takes most, but for the weights. */
  public long peak() {
    return largest.bytes();
  }
}
