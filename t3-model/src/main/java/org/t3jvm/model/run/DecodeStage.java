package org.t3jvm.model.run;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.DecodeFit;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.state.DecoderState;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Latents to frames, one latent frame at a time, so that memory does not grow with the video's
 * length; where the budget has no room for whole planes, band by band; where it is asked for, in
 * upstream's tiles. Frames that an earlier process kept are not lost: with the decoder's state
 * beside them they are not decoded again, without it they are, and come out the same.
 */
final class DecodeStage {
  private final VideoModel model;
  private final Backend backend;
  private final DecodeFit fit;
  private final RunProgress progress;

  DecodeStage(VideoModel model, Backend backend, DecodeFit fit, RunProgress progress) {
    this.model = model;
    this.backend = backend;
    this.fit = fit;
    this.progress = progress;
  }

  /** latents [C, T, h, w]: all of their frames, without finishing {@code sink}. */
  void run(Tensor latents, RunKeeper keeper, FrameSink sink) throws IOException {
    Shape shape = latents.shape();
    int latentFrames = shape.intDim(1);
    int kept = keeper.replay(sink);
    if (kept == VaeConfig.frames(latentFrames)) {
      return;
    }
    if (fit.tiling().isPresent()) {
      fit.memory().ifPresent(plan -> progress.memory(Stage.DECODE, plan));
      new TiledDecode(model, progress, keeper, sink, shape, kept)
          .run(backend, fit.tiling().get(), latents);
    } else if (fit.bands().isPresent()) {
      fit.memory().ifPresent(plan -> progress.memory(Stage.DECODE, plan));
      new BandedDecode(model, progress, keeper, sink, shape, kept)
          .run(backend, fit.bands().get(), latents);
    } else {
      decodePlanes(latents, kept, keeper, sink);
    }
  }

  private void decodePlanes(Tensor latents, int kept, RunKeeper keeper, FrameSink sink)
      throws IOException {
    Shape shape = latents.shape();
    int latentFrames = shape.intDim(1);
    VaeConfig config = model.vaeConfig();
    try (VaeDecoder decoder =
        new VaeDecoder(
            backend, config, model.vaeParameters(), shape.intDim(2), shape.intDim(3), Taps.NONE)) {
      progress.memory(Stage.DECODE, decoder.memoryPlan());
      int first = resume(decoder, keeper);
      progress.begin(Stage.DECODE, latentFrames, config.decoderRegions(), first);
      for (int t = first; t < latentFrames; t++) {
        progress.step(t);
        Tensor frames = decoder.decode(LatentFrames.get(latents, t), region -> progress.block());
        FiniteCheck.require(
            frames,
            "%s of latent frame %d of %d".formatted(Stage.DECODE, t + 1, latentFrames),
            model.vaeParameters(),
            config.parameterShapes().asMap().keySet().stream());
        progress.computed(Stage.DECODE, "frames", frames);
        List<byte[]> rgb = Arrays.asList(VideoFrames.toRgb8(frames));
        List<byte[]> fresh =
            rgb.subList(Math.clamp(kept - VaeConfig.frames(t), 0, rgb.size()), rgb.size());
        if (!fresh.isEmpty()) {
          keeper.keepFrames(fresh, t + 1, decoder::state);
        }
        for (byte[] frame : fresh) {
          sink.write(frame);
        }
      }
      progress.end();
    }
  }

  /** Latent frames that need not be decoded again. */
  private static int resume(VaeDecoder decoder, RunKeeper keeper) throws IOException {
    Optional<DecoderState> kept = keeper.decoder();
    if (kept.isEmpty()) {
      return 0;
    }
    decoder.restore(kept.get().tensors());
    return kept.get().latentFrames();
  }
}
