package org.t3jvm.model.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.IntFunction;
import org.t3jvm.event.Stage;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.nn.FiniteCheck;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.vae.tile.TiledEncoder;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Frames to latents, the frames of one latent frame at a time; in upstream's tiles where those are
 * asked for.
 */
final class EncodeStage {
  private final VideoModel model;
  private final Backend backend;
  private final RunProgress progress;

  EncodeStage(VideoModel model, Backend backend, RunProgress progress) {
    this.model = model;
    this.backend = backend;
    this.progress = progress;
  }

  /**
   * Latents [C, T, h, w] of frames of the request's size.
   *
   * @param latentFrames T
   * @param frames asked for in order, but in tiles again for each
   * @param named names the latents of a latent frame, for messages
   */
  Tensor encode(
      GenerationRequest request,
      int latentFrames,
      TiledEncoder.Frames frames,
      IntFunction<String> named)
      throws IOException {
    Tiling tiling = request.tiling();
    Tensor latents =
        tiling == null
            ? planes(request, latentFrames, frames, named)
            : tiles(request, tiling, latentFrames, frames, named);
    progress.end();
    return latents;
  }

  private Tensor planes(
      GenerationRequest request,
      int latentFrames,
      TiledEncoder.Frames frames,
      IntFunction<String> named)
      throws IOException {
    VaeConfig config = model.vaeConfig();
    Shape shape = request.latentShape(config).with(1, latentFrames);
    Tensor latents = Tensor.allocate(DType.F32, shape);
    try (VaeEncoder encoder =
        new VaeEncoder(
            backend, config, model.vaeParameters(), request.height(), request.width(), Taps.NONE)) {
      progress.memory(Stage.ENCODE, encoder.memoryPlan(1));
      progress.begin(Stage.ENCODE, latentFrames, config.encoderRegions());
      for (int t = 0; t < latentFrames; t++) {
        progress.step(t);
        int first = VaeConfig.frames(t);
        Tensor frame;
        try (Arena arena = Arena.ofShared()) {
          Tensor pixels = frames.get(arena, first, VaeConfig.frames(t + 1) - first);
          frame = encoder.encode(pixels, region -> progress.block());
        }
        requireFinite(frame, named.apply(t));
        LatentFrames.put(frame, latents, t);
      }
    }
    return latents;
  }

  private Tensor tiles(
      GenerationRequest request,
      Tiling tiling,
      int latentFrames,
      TiledEncoder.Frames frames,
      IntFunction<String> named)
      throws IOException {
    VaeConfig config = model.vaeConfig();
    Shape shape = request.latentShape(config);
    TiledEncoder encoder =
        new TiledEncoder(
            backend, config, model.vaeParameters(), tiling, shape.intDim(2), shape.intDim(3));
    progress.begin(Stage.ENCODE, encoder.steps(latentFrames), config.encoderRegions());
    Tensor latents =
        encoder.encode(latentFrames, frames, region -> progress.block(), progress::step);
    for (int t = 0; t < latentFrames; t++) {
      requireFinite(LatentFrames.get(latents, t), named.apply(t));
    }
    return latents;
  }

  private void requireFinite(Tensor frame, String name) {
    FiniteCheck.require(
        frame,
        "%s of %s".formatted(Stage.ENCODE, name),
        model.vaeParameters(),
        model.vaeConfig().parameterShapes().asMap().keySet().stream());
  }
}
