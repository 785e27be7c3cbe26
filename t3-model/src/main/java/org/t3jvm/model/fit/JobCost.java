package org.t3jvm.model.fit;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SecondPass;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.tile.Tile;
import org.t3jvm.model.vae.tile.TiledDecoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.ParameterTypes;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * What a job takes.
 *
 * @param grid tokens of the video
 * @param sides forward passes of a step: 2 with guidance
 * @param forward one forward pass
 * @param text encoding of both prompts, at their longest
 * @param decode decoding of all frames
 * @param fit how the stages fit into memory
 * @param weights bytes of the weights by part: text encoder, DiT, VAE
 * @param disk what is on disk while the video is made, beside it
 * @param encode encoding of what the video starts from, also of what a second pass enlarges
 * @param twoPaths the steps of a pass on two paths, if this is one
 * @param base the pass before a second one
 */
public record JobCost(
    TokenGrid grid,
    int steps,
    int sides,
    ForwardWork forward,
    Work text,
    Work decode,
    JobFit fit,
    Weights weights,
    Disk disk,
    Work encode,
    Optional<TwoPathWork> twoPaths,
    Optional<JobCost> base) {

  /** Bytes of stored weights. */
  public record Weights(long text, long dit, long vae) {}

  /**
   * Bytes on disk, at most.
   *
   * @param state of the run, the last one and the one being written
   * @param frames that are decoded, as kept before the video is whole
   * @param temporary files: of bands of rows that are decoded, of a base video's frames, of what
   *     two paths keep
   */
  public record Disk(long state, long frames, long temporary) {
    /** All together. */
    public long total() {
      return state + frames + temporary;
    }
  }

  /** Latents in a state: of solvers that look back, two results of earlier steps too. */
  private static final int LATENTS = 1;

  private static final int LOOKING_BACK_LATENTS = 3;

  private static final int COLOURS = 3;

  /**
   * Plans a job from shapes alone.
   *
   * @param fit of the same job
   */
  public static JobCost of(ModelTypes model, GenerationRequest request, JobFit fit) {
    DitConfig dit = model.dit();
    Shape latents = request.latentShape(model.vae());
    int sides = request.guided() ? 2 : 1;
    Work text = Work.of(Umt5.graph(model.text(), model.textTypes(), TextRows.TEXT_LENGTH));
    Work frame = decoding(model, request.tiling(), latents.intDim(2), latents.intDim(3));
    int steps = request.scheduler().steps();
    return new JobCost(
        request.grid(dit, model.vae()),
        steps,
        sides,
        ForwardWork.of(
            dit, request.attention(), model.ditTypes(), fit.dit().job().on(Dit.Paths.ONE)),
        text.times(sides),
        frame.times(request.latentFrames()),
        fit,
        new Weights(
            bytes(model.text().parameterShapes().asMap().keySet(), model.textTypes()),
            bytes(dit.parameterShapes().asMap().keySet(), model.ditTypes()),
            bytes(model.vae().parameterShapes().asMap().keySet(), model.vaeTypes())),
        disk(model, request, latents, fit),
        encoding(model, request),
        twoPaths(model, request, fit.dit().job(), steps, sides),
        fit.base().map(base -> of(model, Objects.requireNonNull(request.second()).base(), base)));
  }

  /** Of an image or a video to start from; a frame later than the first stands for all. */
  private static Work encoding(ModelTypes model, GenerationRequest request) {
    int frames = request.encodedFrames();
    if (frames == 0) {
      return Work.NONE;
    }
    return Work.of(
            VaeEncoder.chunk(
                model.vae(), model.vaeTypes(), request.height(), request.width(), frames == 1))
        .times(frames);
  }

  private static Optional<TwoPathWork> twoPaths(
      ModelTypes model, GenerationRequest request, Dit.Job job, int steps, int sides) {
    SecondPass second = request.second();
    Integer cacheSteps = second == null ? null : second.hires().cacheSteps();
    return cacheSteps != null && request.attention() instanceof InwardWindows windows
        ? Optional.of(
            TwoPathWork.of(model.dit(), windows, model.ditTypes(), job, steps, cacheSteps, sides))
        : Optional.empty();
  }

  private static Disk disk(ModelTypes model, GenerationRequest request, Shape latents, JobFit fit) {
    int kept =
        switch (request.sampler()) {
          case EULER, DMD -> LATENTS;
          case UNIPC, DPMPP -> LOOKING_BACK_LATENTS;
        };
    // A resumed run makes what two paths keep from the latents that it was made from.
    int refreshed = fit.dit().kept().isPresent() ? 1 : 0;
    long pixels = (long) request.height() * request.width();
    long temporary =
        Math.max(
            spilled(model, fit.decode(), latents), fit.dit().kept().map(KeptFit::disk).orElse(0L));
    return new Disk(
        2L * (kept + refreshed) * latents.elements() * Float.BYTES,
        request.frames() * pixels * COLOURS,
        Math.max(temporary, baseVideo(model, request, fit)));
  }

  /** The frames of the base video, while it is decoded. */
  private static long baseVideo(ModelTypes model, GenerationRequest request, JobFit fit) {
    SecondPass second = request.second();
    JobFit base = fit.base().orElse(null);
    if (second == null || base == null) {
      return 0;
    }
    GenerationRequest smaller = second.base();
    long values = (long) smaller.height() * smaller.width() * COLOURS * smaller.frames();
    return values * Float.BYTES + spilled(model, base.decode(), smaller.latentShape(model.vae()));
  }

  /** Of one latent frame; bands take what the whole plane does. */
  private static Work decoding(ModelTypes model, @Nullable Tiling tiling, int height, int width) {
    List<Tile> tiles =
        tiling == null ? List.of(new Tile(0, 0, height, width)) : tiling.tiles(height, width);
    Work work = Work.NONE;
    for (Tile tile : tiles) {
      work =
          work.plus(
              Work.of(
                  VaeDecoder.laterFrame(
                      model.vae(), model.vaeTypes(), tile.rows(), tile.columns())));
    }
    return work;
  }

  /** Bytes of temporary files while decoding. */
  private static long spilled(ModelTypes model, DecodeFit fit, Shape latents) {
    int frames = latents.intDim(1);
    if (fit.tiling().isPresent()) {
      return TiledDecoder.spilledBytes(model.vae(), frames, latents.intDim(2), latents.intDim(3));
    }
    return fit.bands().map(bands -> bands.spilledBytes(frames)).orElse(0L);
  }

  private static long bytes(Iterable<String> names, ParameterTypes types) {
    long bytes = 0;
    for (String name : names) {
      bytes += types.type(name).bytes();
    }
    return bytes;
  }

  /** Forward passes in all. */
  public int forwards() {
    return steps * sides;
  }

  /** All steps of this pass. */
  public Work denoise() {
    return twoPaths.map(TwoPathWork::ours).orElseGet(() -> forward.work().times(forwards()));
  }

  /** All operations. */
  public Work total() {
    Work before = base.map(pass -> pass.denoise().plus(pass.decode)).orElse(Work.NONE);
    return before.plus(encode).plus(text).plus(denoise()).plus(decode);
  }
}
