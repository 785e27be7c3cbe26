package org.t3jvm.model.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.Pictures;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.event.Stage;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.fit.KeptFit;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.hires.FrameResize;
import org.t3jvm.model.hires.KeptValues;
import org.t3jvm.model.image.BicubicResize;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.job.SecondPass;
import org.t3jvm.model.job.SourceVideo;
import org.t3jvm.model.preview.Preview;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.prompt.ContextCache;
import org.t3jvm.model.prompt.PromptEncoder;
import org.t3jvm.model.prompt.Prompts;
import org.t3jvm.model.state.RunKeeper;
import org.t3jvm.model.state.RunState;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * Prompt, and perhaps a first image or a video, to frames: text, noise, denoising, decoding (SPEC
 * 1).
 */
public final class TextToVideo {
  private final VideoModel model;
  private final Backend backend;
  private final MemoryBudget budget;
  private final ContextCache contexts;
  private @Nullable Encoded encoded;

  /** What was made of the prompts last, which runs that differ in other settings share. */
  private record Encoded(String prompt, String negative, boolean guided, Prompts prompts) {
    boolean of(GenerationRequest request) {
      return prompt.equals(request.prompt())
          && negative.equals(request.negative())
          && guided == request.guided();
    }
  }

  /** A pipeline that keeps no contexts of negative prompts. */
  public TextToVideo(VideoModel model, Backend backend, MemoryBudget budget) {
    this(model, backend, budget, ContextCache.off());
  }

  /**
   * A pipeline.
   *
   * @param budget what it may take; changes no bit of a video
   * @param contexts where contexts of negative prompts are kept
   */
  public TextToVideo(
      VideoModel model, Backend backend, MemoryBudget budget, ContextCache contexts) {
    this.model = model;
    this.backend = backend;
    this.budget = budget;
    this.contexts = contexts;
  }

  /**
   * Makes a video, frame after frame, without finishing {@code sink}.
   *
   * @throws IllegalArgumentException if the model cannot make what is asked for
   * @throws RunFailedException before anything is computed if the budget is too small, or if a
   *     stage gives NaN or infinity
   * @throws IOException if a frame cannot be written, or the video to start from cannot be read
   */
  public void generate(GenerationRequest request, FrameSink sink, RunProgress progress)
      throws IOException {
    generate(request, sink, RunKeeper.NONE, progress);
  }

  /**
   * As {@link #generate(GenerationRequest, FrameSink, RunProgress)}, from where {@code keeper}
   * knows the run to be.
   *
   * @throws IOException also if the keeper cannot keep a state, or keeps one of another run
   */
  public void generate(
      GenerationRequest request, FrameSink sink, RunKeeper keeper, RunProgress progress)
      throws IOException {
    JobFit fit = fit(request, progress);
    Tensor latents = passes(request, fit, request.allSteps(), progress, keeper).latents();
    progress.computed(Stage.DENOISE, "denoised", latents);
    new DecodeStage(model, backend, fit.decode(), progress).run(latents, keeper, sink);
  }

  /**
   * The latents after the first {@code steps} steps of all passes; all steps leave them clean.
   * Nothing is decoded, but for a second pass.
   *
   * @throws IllegalArgumentException if the model cannot make what is asked for
   * @throws RunFailedException as {@link #generate} does
   * @throws IOException if what to start from cannot be read
   */
  public Denoised denoise(GenerationRequest request, int steps, RunProgress progress)
      throws IOException {
    return passes(request, fit(request, progress), steps, progress, RunKeeper.NONE);
  }

  /**
   * What some steps have made.
   *
   * @param latents [C, T, h, w]
   * @param reused steps that were not computed
   */
  public record Denoised(Tensor latents, int reused) {}

  private Denoised passes(
      GenerationRequest request, JobFit fit, int steps, RunProgress progress, RunKeeper keeper)
      throws IOException {
    Optional<RunState> kept = keeper.denoised();
    SecondPass second = request.second();
    JobFit baseFit = fit.base().orElse(null);
    if (second == null || baseFit == null) {
      RunState start = kept.isPresent() ? kept.get() : begin(request, progress);
      return denoise(request, fit, start, steps, progress, keeper);
    }
    GenerationRequest base = second.base();
    int before = base.scheduler().steps();
    if (kept.isPresent() && kept.get().step() > before) {
      progress.stepsBefore(before);
      RunState start = kept.get().earlier(before);
      return denoise(request, fit, start, steps - before, progress, keeper.after(before));
    }
    RunState start = kept.isPresent() ? kept.get() : begin(base, progress);
    Denoised first = denoise(base, baseFit, start, Math.min(steps, before), progress, keeper);
    if (steps <= before) {
      return first;
    }
    RunState larger = enlarged(request, base, baseFit, start, progress);
    progress.stepsBefore(before);
    Denoised last = denoise(request, fit, larger, steps - before, progress, keeper.after(before));
    return new Denoised(last.latents(), first.reused() + last.reused());
  }

  /**
   * What the second pass starts from: the base video enlarged, encoded and noised (SPEC 20.1). Its
   * noise is drawn after the base's.
   */
  private RunState enlarged(
      GenerationRequest request,
      GenerationRequest base,
      JobFit baseFit,
      RunState done,
      RunProgress progress)
      throws IOException {
    Tensor clean;
    try (BaseVideo video =
        BaseVideo.decode(model, backend, baseFit.decode(), done.latents(), progress)) {
      clean =
          new EncodeStage(model, backend, progress)
              .encode(
                  request,
                  request.latentFrames(),
                  (arena, first, count) ->
                      FrameResize.bilinear(
                          arena, video.frames(first, count), request.height(), request.width()),
                  t -> "the base video's latent frame %d".formatted(t + 1));
    }
    progress.computed(Stage.ENCODE, "base", clean);
    TorchRandom random = new TorchRandom(request.seed());
    random.randn(base.latentShape(model.vaeConfig()));
    Tensor noise = random.randn(clean.shape());
    Tensor latents = request.scheduler().addNoise(0, clean, noise);
    return new RunState(done.prompts(), null, 0, latents, Map.of());
  }

  private JobFit fit(GenerationRequest request, RunProgress progress) {
    request.requireFits(model.ditConfig(), model.vaeConfig());
    MemoryBudget left = budget.beside(model.madeBytes());
    JobFit fit = JobFit.of(model.types(), request, backend, left);
    progress.planned(planned(fit));
    return fit;
  }

  private static RunEvent.Planned planned(JobFit fit) {
    int groups = fit.dit().job().parts().headGroups();
    List<String> parts = new ArrayList<>();
    if (groups > 1) {
      parts.add("heads in %d groups, to fit".formatted(groups));
    }
    fit.dit().kept().ifPresent(kept -> parts.add(kept.description()));
    String bands =
        fit.decode()
            .bands()
            .map(split -> "in %d bands of rows, to fit".formatted(split.count()))
            .or(() -> fit.decode().tiling().map(tiling -> "in tiles of " + tiling))
            .orElse("");
    return new RunEvent.Planned(
        new RunEvent.Need(fit.dit().bytes(), String.join(", ", parts)),
        new RunEvent.Need(fit.decode().bytes(), bands));
  }

  private RunState begin(GenerationRequest request, RunProgress progress) throws IOException {
    SourceVideo source = request.source();
    @Nullable Tensor clean =
        source == null
            ? null
            : new SourceVideoEncoder(model, backend, progress).encode(request, source);
    Prompts prompts = prompts(request, progress);
    progress.computed(Stage.TEXT, 0, prompts.tensors());
    @Nullable Tensor firstFrame = encodeImage(request, progress);
    Tensor noise = new TorchRandom(request.seed()).randn(request.latentShape(model.vaeConfig()));
    progress.computed(Stage.DENOISE, "noise", noise);
    Tensor latents = clean == null ? noise : request.scheduler().addNoise(0, clean, noise);
    return new RunState(prompts, firstFrame, 0, latents, Map.of());
  }

  private Prompts prompts(GenerationRequest request, RunProgress progress) throws IOException {
    Encoded known = encoded;
    if (known != null && known.of(request)) {
      return known.prompts();
    }
    Prompts prompts = new PromptEncoder(model, backend, contexts).encode(request, progress);
    encoded = new Encoded(request.prompt(), request.negative(), request.guided(), prompts);
    return prompts;
  }

  private void requireShape(GenerationRequest request, RunState start) throws IOException {
    Shape shape = request.latentShape(model.vaeConfig());
    if (!start.latents().shape().equals(shape)) {
      throw new IOException(
          "the saved latents are %s, this run has %s; they are of another video"
              .formatted(start.latents().shape(), shape));
    }
  }

  private @Nullable Tensor encodeImage(GenerationRequest request, RunProgress progress)
      throws IOException {
    RgbImage image = request.image();
    if (image == null) {
      return null;
    }
    Tensor pixels = BicubicResize.resize(image, request.height(), request.width()).pixels();
    Tensor latents =
        new EncodeStage(model, backend, progress)
            .encode(request, 1, (arena, first, count) -> pixels, t -> "the image");
    progress.computed(Stage.ENCODE, "first_frame", latents);
    return latents;
  }

  private Denoised denoise(
      GenerationRequest request,
      JobFit fit,
      RunState start,
      int steps,
      RunProgress progress,
      RunKeeper keeper)
      throws IOException {
    requireShape(request, start);
    try (@Nullable KeptValues values = values(request, fit)) {
      int reused =
          denoiser(request, fit, start, values)
              .paintedBy(painter(fit))
              .denoise(start, steps, request.guidance(), request.scheduler(), progress, keeper);
      return new Denoised(start.latents(), reused);
    }
  }

  /** A tiny decoder makes previews too, where there is room for it beside the transformer. */
  private Function<Tensor, Pictures> painter(JobFit fit) {
    boolean room = fit.dit().bytes() + fit.decode().bytes() <= budget.bytes();
    boolean whole = fit.decode().bands().isEmpty() && fit.decode().tiling().isEmpty();
    return model.vaeConfig().isTiny() && room && whole
        ? new DecodedPreview(backend, model.vaeConfig(), model.vaeParameters())
        : Preview::projected;
  }

  private Denoiser denoiser(
      GenerationRequest request, JobFit fit, RunState start, @Nullable KeptValues values) {
    SecondPass second = request.second();
    Integer cacheSteps = second == null ? null : second.hires().cacheSteps();
    if (cacheSteps != null && request.attention() instanceof InwardWindows windows) {
      return Denoiser.twoPaths(
          backend,
          model.experts(),
          windows,
          start.latents().shape(),
          start.prompts(),
          fit.dit().job().parts(),
          cacheSteps,
          values);
    }
    return new Denoiser(
        backend,
        model.experts(),
        request.attention(),
        start.latents().shape(),
        start.prompts(),
        start.firstFrame() == null ? null : new FirstFrame(start.firstFrame()),
        fit.dit().job().parts(),
        request.cache());
  }

  private @Nullable KeptValues values(GenerationRequest request, JobFit fit) throws IOException {
    KeptFit kept = fit.dit().kept().orElse(null);
    return kept == null
        ? null
        : new KeptValues(
            kept.blocks(),
            Denoiser.tokens(model.ditConfig(), request.latentShape(model.vaeConfig())),
            kept.inMemory());
  }
}
