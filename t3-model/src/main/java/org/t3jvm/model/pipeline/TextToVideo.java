package org.t3jvm.model.pipeline;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.sampling.FlowMatchScheduler;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.vae.VaeEncoder;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoFrames;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.random.TorchRandom;

/** Prompt, and perhaps a first image, to frames: text, noise, denoising, decoding (SPEC 1). */
public final class TextToVideo {
  private final VideoModel model;
  private final Backend backend;
  private final Progress progress;
  private final RunObserver observer;

  public TextToVideo(VideoModel model, Backend backend, Progress progress, RunObserver observer) {
    this.model = model;
    this.backend = backend;
    this.progress = progress;
    this.observer = observer;
  }

  /**
   * Makes a video, frame after frame, without finishing {@code sink}.
   *
   * @throws IllegalArgumentException if the model cannot make what is asked for
   * @throws PipelineException if a stage gives NaN or infinity
   * @throws IOException if a frame cannot be written
   */
  public void generate(GenerationRequest request, FrameSink sink) throws IOException {
    request.requireFits(model.ditConfig(), model.vaeConfig());
    progress.begin(Stage.TEXT, request.guided() ? 2 : 1, model.textConfig().layers());
    Tensor positive = encode(request.prompt());
    @Nullable Tensor negative = request.guided() ? encode(request.negative()) : null;
    progress.end(Stage.TEXT);
    observer.encoded(positive, negative);
    @Nullable FirstFrame firstFrame = encodeImage(request);
    Tensor latents = denoise(request, new Prompts(positive, negative), firstFrame);
    observer.denoised(latents);
    decode(latents, sink);
  }

  private Tensor encode(String prompt) {
    long[] ids = model.tokenizer().encode(PromptCleaner.clean(prompt), TextRows.TEXT_LENGTH);
    return new TextEncoder(backend, model.textConfig(), model.textParameters())
        .encode(ids, region -> progress.unit());
  }

  private @Nullable FirstFrame encodeImage(GenerationRequest request) {
    RgbImage image = request.image();
    if (image == null) {
      return null;
    }
    VaeConfig config = model.vaeConfig();
    int height = request.height();
    int width = request.width();
    try (VaeEncoder encoder =
        new VaeEncoder(backend, config, model.vaeParameters(), height, width, Taps.NONE)) {
      progress.memory(Stage.ENCODE, encoder.memoryPlan(1));
      progress.begin(Stage.ENCODE, 1, config.encoderRegions());
      progress.step(Stage.ENCODE, 0);
      Tensor pixels = BicubicResize.resize(image, height, width).pixels();
      Tensor latents = encoder.encode(pixels, region -> progress.unit());
      FiniteCheck.require(
          latents,
          "%s of the image".formatted(Stage.ENCODE),
          model.vaeParameters(),
          config.manifest().shapes().keySet().stream());
      progress.end(Stage.ENCODE);
      observer.firstFrame(latents);
      return new FirstFrame(latents);
    }
  }

  private Tensor denoise(
      GenerationRequest request, Prompts prompts, @Nullable FirstFrame firstFrame) {
    Shape shape = request.latentShape(model.vaeConfig());
    Tensor latents = new TorchRandom(request.seed()).randn(shape);
    observer.noise(latents);
    try (Denoiser denoiser =
        new Denoiser(backend, model.experts(), request.attention(), shape, prompts, firstFrame)) {
      denoiser.denoise(
          latents,
          request.guidance(),
          new FlowMatchScheduler(request.steps(), request.shift()),
          progress,
          observer);
    }
    return latents;
  }

  /** Decodes one latent frame at a time, so that memory does not grow with the video's length. */
  private void decode(Tensor latents, FrameSink sink) throws IOException {
    Shape shape = latents.shape();
    VaeConfig config = model.vaeConfig();
    try (VaeDecoder decoder =
        new VaeDecoder(
            backend, config, model.vaeParameters(), shape.intDim(2), shape.intDim(3), Taps.NONE)) {
      progress.memory(Stage.DECODE, decoder.memoryPlan());
      progress.begin(Stage.DECODE, shape.intDim(1), config.decoderRegions());
      for (int t = 0; t < shape.dim(1); t++) {
        progress.step(Stage.DECODE, t);
        Tensor frames = decoder.decode(LatentFrames.get(latents, t), region -> progress.unit());
        FiniteCheck.require(
            frames,
            "%s of latent frame %d of %d".formatted(Stage.DECODE, t + 1, shape.dim(1)),
            model.vaeParameters(),
            config.manifest().shapes().keySet().stream());
        observer.decoded(frames);
        for (byte[] rgb : VideoFrames.toRgb8(frames)) {
          sink.write(rgb);
        }
      }
      progress.end(Stage.DECODE);
    }
  }
}
