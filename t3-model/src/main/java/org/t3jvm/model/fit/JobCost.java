package org.t3jvm.model.fit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.vae.VaeDecoder;
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
    Disk disk) {

  /** Bytes of stored weights. */
  public record Weights(long text, long dit, long vae) {}

  /**
   * Bytes on disk, at most.
   *
   * @param state of the run, the last one and the one being written
   * @param frames that are decoded, as kept before the video is whole
   * @param temporary files that bands of rows are decoded with
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
    return new JobCost(
        request.grid(dit, model.vae()),
        request.steps(),
        sides,
        ForwardWork.of(dit, request.attention(), model.ditTypes(), fit.dit().job()),
        text.times(sides),
        frame.times(request.latentFrames()),
        fit,
        new Weights(
            bytes(model.text().parameterShapes().asMap().keySet(), model.textTypes()),
            bytes(dit.parameterShapes().asMap().keySet(), model.ditTypes()),
            bytes(model.vae().parameterShapes().asMap().keySet(), model.vaeTypes())),
        disk(model, request, latents, fit));
  }

  private static Disk disk(ModelTypes model, GenerationRequest request, Shape latents, JobFit fit) {
    int kept =
        switch (request.sampler()) {
          case EULER, DMD -> LATENTS;
          case UNIPC, DPMPP -> LOOKING_BACK_LATENTS;
        };
    long pixels = (long) request.height() * request.width();
    return new Disk(
        2L * kept * latents.elements() * Float.BYTES,
        request.frames() * pixels * COLOURS,
        spilled(model, fit.decode(), latents));
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

  /** All operations. */
  public Work total() {
    return text.plus(forward.work().times(forwards())).plus(decode);
  }
}
