package org.t3jvm.model.run;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.tile.TiledDecoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** Latents to frames in upstream's blended tiles; frames are complete after the last tile. */
final class TiledDecode {
  private final VideoModel model;
  private final RunProgress progress;
  private final RunKeeper keeper;
  private final FrameSink sink;
  private final Shape latents;
  private final int kept;

  /**
   * For one video.
   *
   * @param latents shape [C, T, h, w]
   * @param kept frames that the sink has already
   */
  TiledDecode(
      VideoModel model,
      RunProgress progress,
      RunKeeper keeper,
      FrameSink sink,
      Shape latents,
      int kept) {
    this.model = model;
    this.progress = progress;
    this.keeper = keeper;
    this.sink = sink;
    this.latents = latents;
    this.kept = kept;
  }

  /** latents [C, T, h, w]: all of their frames that are not kept, without finishing the sink. */
  void run(Backend backend, Tiling tiling, Tensor values) throws IOException {
    VaeConfig config = model.vaeConfig();
    int frames = latents.intDim(1);
    TiledDecoder decoder =
        new TiledDecoder(
            backend, config, model.vaeParameters(), tiling, latents.intDim(2), latents.intDim(3));
    progress.begin(Stage.DECODE, decoder.steps(frames), config.decoderRegions());
    decoder.decode(
        frames, t -> LatentFrames.get(values, t), region -> progress.block(), new Frames());
    progress.end();
  }

  private final class Frames implements TiledDecoder.Listener {
    @Override
    public void step(int step) {
      progress.step(step);
    }

    @Override
    public void tile(int t, Tensor pixels) {
      FiniteCheck.require(
          pixels,
          "%s of a tile of latent frame %d of %d".formatted(Stage.DECODE, t + 1, latents.intDim(1)),
          model.vaeParameters(),
          model.vaeConfig().parameterShapes().asMap().keySet().stream());
    }

    @Override
    public void decoded(int frame, Tensor pixels) throws IOException {
      progress.computed(Stage.DECODE, "frames", pixels);
      if (frame < kept) {
        return;
      }
      byte[] rgb = VideoFrames.toRgb8(pixels)[0];
      // A later run decodes all tiles again.
      int latentFrames = 1 + Math.ceilDiv(frame, VaeConfig.TEMPORAL_FACTOR);
      keeper.keepFrames(List.of(rgb), latentFrames, Map::of);
      sink.write(rgb);
    }
  }
}
