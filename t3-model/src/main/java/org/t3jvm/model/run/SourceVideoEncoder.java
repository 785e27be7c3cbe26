package org.t3jvm.model.run;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.file.Files;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.FittedImage;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SourceVideo;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.tile.TiledEncoder;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/**
 * Reads the video that a video starts from, frame by frame, and encodes it (SPEC 1, step 3). Only
 * the frames of one chunk are in memory; for tiles, which see the video again and again, all of
 * them are in a temporary file.
 */
final class SourceVideoEncoder {
  private final VideoModel model;
  private final Backend backend;
  private final RunProgress progress;

  SourceVideoEncoder(VideoModel model, Backend backend, RunProgress progress) {
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
    try (FrameSource frames = VideoReaders.open(source.path(), source.rate())) {
      if (request.tiling() == null) {
        return encode(
            request,
            (arena, first, count) ->
                pixels(allocate(arena, request, count), frames, request, source, first));
      }
      try (SpillFile kept = SpillFile.create("source")) {
        long bytes = (long) request.height() * request.width() * RgbImage.COLOURS;
        for (int f = 0; f < request.frames(); f++) {
          byte[] rgb = next(frames, request, source, f).rgb();
          kept.write(f * bytes, MemorySegment.ofArray(rgb));
        }
        return encode(
            request,
            (arena, first, count) -> pixels(allocate(arena, request, count), kept, request, first));
      }
    }
  }

  private Tensor encode(GenerationRequest request, TiledEncoder.Frames frames) throws IOException {
    int latentFrames = request.latentFrames();
    return new EncodeStage(model, backend, progress)
        .encode(
            request,
            latentFrames,
            frames,
            t -> "latent frame %d of %d".formatted(t + 1, latentFrames));
  }

  /** The next frames, into pixels F32 [count, height, width, 3] in [-1, 1]. */
  private static Tensor pixels(
      Tensor pixels, FrameSource frames, GenerationRequest request, SourceVideo source, int first)
      throws IOException {
    for (int f = 0; f < pixels.shape().intDim(0); f++) {
      next(frames, request, source, first + f).pixels(pixels.rows(f, 1));
    }
    return pixels;
  }

  /** Frames from where all were kept, into pixels F32 [count, height, width, 3] in [-1, 1]. */
  private static Tensor pixels(Tensor pixels, SpillFile kept, GenerationRequest request, int first)
      throws IOException {
    byte[] rgb = new byte[request.height() * request.width() * RgbImage.COLOURS];
    RgbImage frame = new RgbImage(request.height(), request.width(), rgb);
    for (int f = 0; f < pixels.shape().intDim(0); f++) {
      kept.read((long) (first + f) * rgb.length, MemorySegment.ofArray(rgb));
      frame.pixels(pixels.rows(f, 1));
    }
    return pixels;
  }

  private static Tensor allocate(Arena arena, GenerationRequest request, int count) {
    Shape shape = Shape.of(count, request.height(), request.width(), RgbImage.COLOURS);
    return Tensor.allocate(arena, DType.F32, shape);
  }

  private static RgbImage next(
      FrameSource frames, GenerationRequest request, SourceVideo source, int index)
      throws IOException {
    RgbImage frame = frames.next();
    if (frame == null) {
      throw tooShort(request, source, index);
    }
    int height = request.height();
    int width = request.width();
    return BicubicResize.resize(FittedImage.of(source.fit(), frame, height, width), height, width);
  }

  private static IOException tooShort(GenerationRequest request, SourceVideo source, int has) {
    int fewer = (has - 1) / VaeConfig.TEMPORAL_FACTOR * VaeConfig.TEMPORAL_FACTOR + 1;
    String advice =
        has == 0 ? "give another video" : "give size.frames %d or a longer video".formatted(fewer);
    return new IOException(
        "'%s' has %d frames%s, the video takes %d; %s"
            .formatted(source.path(), has, rate(source), request.frames(), advice));
  }

  private static String rate(SourceVideo source) {
    return source.rate() == 0 || Files.isDirectory(source.path())
        ? ""
        : " at %s a second"
            .formatted(BigDecimal.valueOf(source.rate()).stripTrailingZeros().toPlainString());
  }
}
