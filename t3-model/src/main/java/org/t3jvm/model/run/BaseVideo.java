package org.t3jvm.model.run;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.DecodeFit;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.band.BandDecoder;
import org.t3jvm.model.vae.band.DecodeBands;
import org.t3jvm.model.vae.tile.TiledDecoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * The frames of a first pass, F32 [F, h, w, 3] in [-1, 1], in a temporary file: a second pass reads
 * them as they are decoded, not as a video shows them.
 */
final class BaseVideo implements AutoCloseable {
  private static final int COLOURS = 3;

  private final VideoModel model;
  private final RunProgress progress;
  private final Tensor latents;
  private final SpillFile file = SpillFile.create("base");
  private final int height;
  private final int width;

  private BaseVideo(VideoModel model, RunProgress progress, Tensor latents) throws IOException {
    this.model = model;
    this.progress = progress;
    this.latents = latents;
    int factor = model.vaeConfig().spatialFactor();
    this.height = latents.shape().intDim(2) * factor;
    this.width = latents.shape().intDim(3) * factor;
  }

  /** Decodes latents [C, T, h, w], as {@code fit} has it. */
  static BaseVideo decode(
      VideoModel model, Backend backend, DecodeFit fit, Tensor latents, RunProgress progress)
      throws IOException {
    BaseVideo video = new BaseVideo(model, progress, latents);
    try {
      if (fit.tiling().isPresent()) {
        video.tiles(backend, fit.tiling().get());
      } else if (fit.bands().isPresent()) {
        video.bands(backend, fit.bands().get());
      } else {
        video.planes(backend);
      }
      progress.end();
      return video;
    } catch (IOException | RuntimeException e) {
      video.close();
      throw e;
    }
  }

  /** Frames {@code [first, first + count)}, as [count, h, w, 3]. */
  Tensor frames(int first, int count) throws IOException {
    Tensor frames = Tensor.allocate(DType.F32, Shape.of(count, height, width, COLOURS));
    file.read(start(first, 0), frames.segment());
    return frames;
  }

  private long start(int frame, int row) {
    return ((long) frame * height + row) * width * COLOURS * Float.BYTES;
  }

  private int latentFrames() {
    return latents.shape().intDim(1);
  }

  private Tensor latentFrame(int t) {
    return LatentFrames.get(latents, t);
  }

  private void planes(Backend backend) throws IOException {
    Shape shape = latents.shape();
    VaeConfig config = model.vaeConfig();
    try (VaeDecoder decoder =
        new VaeDecoder(
            backend, config, model.vaeParameters(), shape.intDim(2), shape.intDim(3), Taps.NONE)) {
      progress.memory(Stage.DECODE, decoder.memoryPlan());
      progress.begin(Stage.DECODE, latentFrames(), config.decoderRegions());
      for (int t = 0; t < latentFrames(); t++) {
        progress.step(t);
        Tensor frames = decoder.decode(latentFrame(t), region -> progress.block());
        requireFinite(frames, t);
        file.write(start(VaeConfig.frames(t), 0), frames.segment());
      }
    }
  }

  private void bands(Backend backend, DecodeBands bands) throws IOException {
    BandDecoder decoder = new BandDecoder(backend, model.vaeParameters(), bands);
    // The trunk has fewer regions than a band: steps count, not what they are made of.
    progress.begin(Stage.DECODE, decoder.steps(latentFrames()), 1);
    decoder.decode(latentFrames(), this::latentFrame, region -> {}, new Rows());
    progress.block();
  }

  private final class Rows implements BandDecoder.Listener {
    @Override
    public void step(int step) {
      if (step > 0) {
        progress.block();
      }
      progress.step(step);
    }

    @Override
    public void decoded(int t, int firstRow, Tensor pixels, boolean last) throws IOException {
      requireFinite(pixels, t);
      for (int f = 0; f < pixels.shape().intDim(0); f++) {
        MemorySegment rows = pixels.rows(f, 1).segment();
        file.write(start(VaeConfig.frames(t) + f, firstRow), rows);
      }
    }
  }

  private void tiles(Backend backend, Tiling tiling) throws IOException {
    Shape shape = latents.shape();
    VaeConfig config = model.vaeConfig();
    TiledDecoder decoder =
        new TiledDecoder(
            backend, config, model.vaeParameters(), tiling, shape.intDim(2), shape.intDim(3));
    progress.begin(Stage.DECODE, decoder.steps(latentFrames()), config.decoderRegions());
    decoder.decode(latentFrames(), this::latentFrame, region -> progress.block(), new Blended());
  }

  private final class Blended implements TiledDecoder.Listener {
    @Override
    public void step(int step) {
      progress.step(step);
    }

    @Override
    public void tile(int t, Tensor pixels) {
      requireFinite(pixels, t);
    }

    @Override
    public void decoded(int frame, Tensor pixels) throws IOException {
      file.write(start(frame, 0), pixels.segment());
    }
  }

  private void requireFinite(Tensor pixels, int t) {
    FiniteCheck.require(
        pixels,
        "%s of the base video's latent frame %d of %d"
            .formatted(Stage.DECODE, t + 1, latentFrames()),
        model.vaeParameters(),
        model.vaeConfig().parameterShapes().asMap().keySet().stream());
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
