package org.t3jvm.model.pipeline;

import java.io.IOException;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Reads the video that a video starts from, frame by frame, and encodes it (SPEC 1, step 3). Only
 * the frames of one chunk are in memory.
 */
final class SourceVideoEncoder {
  private final VideoModel model;
  private final Backend backend;
  private final Progress progress;

  SourceVideoEncoder(VideoModel model, Backend backend, Progress progress) {
    this.model = model;
    this.backend = backend;
    this.progress = progress;
  }

  /**
   * Latents [C, T, h, w] of the first frames of {@code source}, at the request's size.
   *
   * @throws IOException if it cannot be read or has too few frames
   */
  Tensor encode(GenerationRequest request, SourceVideo source) throws IOException {
    VaeConfig config = model.vaeConfig();
    Tensor latents = Tensor.allocate(DType.F32, request.latentShape(config));
    int height = request.height();
    int width = request.width();
    try (FrameSource frames = VideoReaders.open(source.path());
        VaeEncoder encoder =
            new VaeEncoder(backend, config, model.vaeParameters(), height, width, Taps.NONE)) {
      progress.memory(Stage.ENCODE, encoder.memoryPlan(1));
      progress.begin(Stage.ENCODE, request.latentFrames(), config.encoderRegions());
      for (int t = 0; t < request.latentFrames(); t++) {
        progress.step(Stage.ENCODE, t);
        int first = t == 0 ? 0 : 1 + (t - 1) * VaeConfig.TEMPORAL_FACTOR;
        int count = t == 0 ? 1 : VaeConfig.TEMPORAL_FACTOR;
        Tensor pixels = pixels(frames, request, source, first, count);
        Tensor frame = encoder.encode(pixels, region -> progress.unit());
        FiniteCheck.require(
            frame,
            "%s of latent frame %d of %d".formatted(Stage.ENCODE, t + 1, request.latentFrames()),
            model.vaeParameters(),
            config.manifest().shapes().keySet().stream());
        LatentFrames.put(frame, latents, t);
      }
      progress.end(Stage.ENCODE);
    }
    return latents;
  }

  /** The next frames F32 [count, height, width, 3] in [-1, 1]. */
  private static Tensor pixels(
      FrameSource frames, GenerationRequest request, SourceVideo source, int first, int count)
      throws IOException {
    Shape shape = Shape.of(count, request.height(), request.width(), 3);
    Tensor pixels = Tensor.allocate(DType.F32, shape);
    for (int f = 0; f < count; f++) {
      RgbImage frame = frames.next();
      if (frame == null) {
        throw tooShort(request, source, first + f);
      }
      RgbImage resized = BicubicResize.resize(frame, request.height(), request.width());
      pixels.rows(f, 1).copyFrom(resized.pixels());
    }
    return pixels;
  }

  private static IOException tooShort(GenerationRequest request, SourceVideo source, int has) {
    int fewer = (has - 1) / VaeConfig.TEMPORAL_FACTOR * VaeConfig.TEMPORAL_FACTOR + 1;
    String advice =
        has == 0 ? "give another video" : "give --frames %d or a longer video".formatted(fewer);
    return new IOException(
        "'%s' has %d frames, the video takes %d; %s"
            .formatted(source.path(), has, request.frames(), advice));
  }
}
