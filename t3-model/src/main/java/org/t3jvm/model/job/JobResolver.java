package org.t3jvm.model.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Decoding;
import org.t3jvm.job.Hires;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Sampling;
import org.t3jvm.job.Size;
import org.t3jvm.job.Start;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.image.FittedImage;
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Fills in what a job leaves to the model, and checks the job against the model.
 *
 * @param folder of the model, which may bring defaults of its own; null for none
 * @param dit the DiT's sizes
 * @param vae the VAE's sizes
 * @param t3Weights whether the DiT has T3-Video's weights
 * @param trained the windows that those were trained with, if their file records them
 * @param negative the negative prompt of jobs and models that name none
 */
public record JobResolver(
    @Nullable Path folder,
    DitConfig dit,
    VaeConfig vae,
    boolean t3Weights,
    Optional<T3WindowRule> trained,
    String negative) {
  /** Guidance and shift of upstream's sampling (SPEC 1). */
  private static final float USUAL = 5;

  /**
   * A job without open choices, and what it comes to on this model.
   *
   * @param notes gets values that were changed, in one line each
   * @throws JobException naming the field, if the model cannot make what is asked for
   * @throws IOException if the image to start from, or the model's defaults, cannot be read
   */
  public ResolvedJob resolve(VideoJob asked, Consumer<String> notes) throws IOException {
    ModelDefaults defaults = ModelDefaults.of(folder, released(asked.attention()));
    Double givenFps = asked.size().fps();
    double fps = givenFps != null ? givenFps : defaults.fps();
    VideoJob open =
        asked.text().negative() != null
            ? asked
            : asked
                .with()
                .negative(Objects.requireNonNullElse(defaults.negative(), negative))
                .build();
    Hires hires = open.start().hires();
    FrameSize written =
        hires == null
            ? written(open.size(), defaults)
            : enlarged(open.size(), base(hires, open.size()));
    GenerationRequest request =
        hires == null
            ? onePass(open, written, defaults, fps, notes)
            : twoPasses(open, hires, written, defaults, fps, notes);
    VideoJob complete =
        open.with()
            .size(
                new Size(
                    written.height(),
                    written.width(),
                    request.frames(),
                    fps,
                    request.height(),
                    request.width()))
            .steps(request.steps())
            .cfg(first(request).guidance())
            .shift(first(request).shift())
            .attention(attention(first(request).attention()))
            .decoding(decoding(request.tiling()))
            .hires(request.second() == null ? null : request.second().hires())
            .build();
    return new ResolvedJob(complete, request, written, fps);
  }

  private static float chosen(@Nullable Float asked, @Nullable Float model) {
    return asked != null ? asked : Objects.requireNonNullElse(model, USUAL);
  }

  /** The pass that starts from noise. */
  private static GenerationRequest first(GenerationRequest request) {
    return request.second() == null ? request : request.second().base();
  }

  private GenerationRequest onePass(
      VideoJob asked, FrameSize written, ModelDefaults defaults, double fps, Consumer<String> notes)
      throws IOException {
    boolean t3 = hasT3(asked.attention(), defaults);
    GenerationRequest plain =
        starting(sampled(asked, written, t3, defaults, notes), asked.start(), fps);
    plain.requireFits(dit, vae);
    SelfAttentionPlan plan = plan(plain, asked.attention(), t3, defaults);
    GenerationRequest request = plain.withAttention(plan).withTiling(tiling(asked.decoding(), t3));
    request.requireFits(dit, vae);
    return request;
  }

  /** The second pass of a base video that is made first, as a job of its own would make it. */
  private GenerationRequest twoPasses(
      VideoJob asked,
      Hires hires,
      FrameSize written,
      ModelDefaults defaults,
      double fps,
      Consumer<String> notes)
      throws IOException {
    FrameSize size = base(hires, asked.size());
    GenerationRequest.requireMultiple("hires.baseHeight", size.height(), tokenPixels());
    GenerationRequest.requireMultiple("hires.baseWidth", size.width(), tokenPixels());
    Size base = new Size(size.height(), size.width(), asked.size().frames(), fps, null, null);
    GenerationRequest first =
        onePass(asked.with().size(base).hires(null).build(), size, defaults, fps, notes);
    TokenGrid grid = first.grid(dit, vae);
    Integer pooling = hires.pooling();
    InwardWindows windows =
        pooling == null ? InwardWindows.freeSwim(grid) : InwardWindows.gclf(grid, pooling);
    GenerationRequest second =
        first.enlarged(
            written.height(), written.width(), windows, hires.base(first.height(), first.width()));
    second.requireFits(dit, vae);
    return second;
  }

  /** The base video's size: the model's native one unless it is given, upright for upright ones. */
  private FrameSize base(Hires hires, Size size) throws IOException {
    Integer height = hires.baseHeight();
    Integer width = hires.baseWidth();
    if (height != null && width != null) {
      return new FrameSize(height, width);
    }
    ModelDefaults released = ModelDefaults.of(folder, ModelDefaults.wan(dit));
    Integer targetHeight = size.height();
    Integer targetWidth = size.width();
    boolean upright =
        targetHeight != null
            && targetWidth != null
            && targetHeight > targetWidth
            && released.height() < released.width();
    return upright
        ? new FrameSize(released.width(), released.height())
        : new FrameSize(released.height(), released.width());
  }

  /** The size that is asked for, or twice that of the base. */
  private FrameSize enlarged(Size size, FrameSize base) {
    Integer height = size.height();
    Integer width = size.width();
    FrameSize enlarged =
        new FrameSize(
            height != null ? height : 2 * base.height(), width != null ? width : 2 * base.width());
    requireSide("size.height", enlarged.height());
    requireSide("size.width", enlarged.width());
    return enlarged;
  }

  /** What the model's release is run with: T3-Video's at 4K, Wan's own at its sizes. */
  private ModelDefaults released(Attention attention) {
    boolean t3 =
        attention.kind() != null
            ? attention.kind() == Attention.Kind.T3
            : attention.windows() != null || t3Weights;
    return t3 ? ModelDefaults.T3_VIDEO : ModelDefaults.wan(dit);
  }

  private boolean hasT3(Attention attention, ModelDefaults defaults) {
    return attention.kind() != null
        ? attention.kind() == Attention.Kind.T3
        : attention.windows() != null || t3Weights || defaults.windows() != null;
  }

  /** Rows and columns of pixels that a token covers. */
  private int tokenPixels() {
    return vae.spatialFactor() * dit.patchH();
  }

  private FrameSize written(Size size, ModelDefaults defaults) {
    Integer height = size.height();
    Integer width = size.width();
    FrameSize written =
        new FrameSize(
            height != null ? height : defaults.height(), width != null ? width : defaults.width());
    requireSide("size.height", written.height());
    requireSide("size.width", written.width());
    return written;
  }

  private void requireSide(String field, int value) {
    int most = GenerationRequest.MAX_POSITIONS * tokenPixels();
    JobException.require(
        value >= 1 && value <= most, field, value, "from 1 to %d pixels".formatted(most));
  }

  private GenerationRequest sampled(
      VideoJob asked, FrameSize written, boolean t3, ModelDefaults defaults, Consumer<String> notes)
      throws IOException {
    FrameSize computed = computed(asked.size(), written, asked.attention(), t3, defaults);
    Sampling sampling = asked.sampling();
    Integer steps = sampling.steps();
    return new GenerationRequest(
            asked.text().prompt(),
            Objects.requireNonNull(asked.text().negative()),
            computed.height(),
            computed.width(),
            frames(asked.size(), defaults, notes),
            steps != null ? steps : defaults.steps(),
            chosen(sampling.cfg(), defaults.cfg()),
            chosen(sampling.shift(), defaults.shift()),
            sampling.seed(),
            SelfAttentionPlan.full())
        .withSampler(sampling.sampler())
        .withCache(sampling.cache());
  }

  /** The smallest size that the model has tokens for; with T3 windows by rule, the trained one. */
  private FrameSize computed(
      Size size, FrameSize written, Attention attention, boolean t3, ModelDefaults defaults)
      throws IOException {
    Integer height = size.computedHeight();
    Integer width = size.computedWidth();
    if (height != null && width != null) {
      return new FrameSize(height, width);
    }
    int pixels = tokenPixels();
    FrameSize padded = written.paddedTo(pixels);
    if (!t3 || attention.windows() != null) {
      return padded;
    }
    TokenGrid frame = new TokenGrid(1, padded.height() / pixels, padded.width() / pixels);
    TokenGrid trained = windowRule(defaults).roundedUp(frame);
    return new FrameSize(trained.h() * pixels, trained.w() * pixels);
  }

  private static int frames(Size size, ModelDefaults defaults, Consumer<String> notes) {
    Integer given = size.frames();
    int asked = given != null ? given : defaults.frames();
    int rounded = GenerationRequest.roundFrames(asked);
    if (rounded != asked) {
      notes.accept(
          "size.frames %d is not 1 + 4k; rounded up to %d as upstream does"
              .formatted(asked, rounded));
    }
    return rounded;
  }

  private static GenerationRequest starting(GenerationRequest request, Start start, double fps)
      throws IOException {
    GenerationRequest from = request;
    Path image = start.image();
    if (image != null) {
      from =
          from.withImage(
              FittedImage.of(start.imageFit(), ImageFile.read(image), from.height(), from.width()));
    }
    Path video = start.video();
    Float strength = start.strength();
    return video == null || strength == null
        ? from
        : from.withSource(new SourceVideo(video, fps, strength, start.imageFit()));
  }

  private SelfAttentionPlan plan(
      GenerationRequest request, Attention attention, boolean t3, ModelDefaults defaults)
      throws IOException {
    if (!t3) {
      return SelfAttentionPlan.full();
    }
    if (attention.windows() != null) {
      return new T3Windows(attention.windows());
    }
    return windowRule(defaults).windows(request.grid(dit, vae));
  }

  /** What windows follow that a job does not give. */
  private T3WindowRule windowRule(ModelDefaults defaults) throws IOException {
    return trained.isPresent() ? trained.get() : defaults.windowRule(dit, vae);
  }

  private static @Nullable Tiling tiling(Decoding decoding, boolean t3) {
    if (decoding.mode() == Decoding.Mode.EXACT) {
      return null;
    }
    Decoding.Tiles tiles = decoding.tiles();
    if (tiles == null) {
      return t3 ? Tiling.T3_VIDEO : Tiling.PIPELINE;
    }
    try {
      return new Tiling(tiles.rows(), tiles.columns(), tiles.strideRows(), tiles.strideColumns());
    } catch (IllegalArgumentException e) {
      throw new JobException("decoding.tiles: " + e.getMessage(), e);
    }
  }

  private static Attention attention(SelfAttentionPlan plan) {
    return plan instanceof T3Windows windows ? Attention.t3(windows.kinds()) : Attention.full();
  }

  private static Decoding decoding(@Nullable Tiling tiling) {
    return tiling == null
        ? Decoding.EXACT
        : new Decoding(
            Decoding.Mode.TILED,
            new Decoding.Tiles(
                tiling.rows(), tiling.columns(), tiling.strideRows(), tiling.strideColumns()));
  }
}
