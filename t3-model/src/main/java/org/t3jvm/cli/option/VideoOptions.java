package org.t3jvm.cli.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.model.image.ImageFit;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.video.FrameSize;
import org.t3jvm.tensor.graph.TokenGrid;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say what video to make; what is not given comes with the model. */
public final class VideoOptions {
  /** Which self-attention the DiT has. */
  public enum Attention {
    T3,
    FULL
  }

  @Option(
      names = "--attention",
      paramLabel = "t3|full",
      description =
          "T3 windows or full attention (default: t3 if --t3 or --windows is given or the model"
              + " brings windows, else full).")
  private @Nullable Attention attention;

  @Option(
      names = "--windows",
      paramLabel = "LIST",
      description =
          "Window counts n_t,n_h,n_w of each kind, such as \"21,1,1;1,17,30;1,8,40;3,17,8;7,8,6\""
              + " (default: the model's, or by rule; upstream's table for its 4K size).")
  private @Nullable String windows;

  @Mixin private final SizeOptions sizeOptions = new SizeOptions();

  @Option(names = "--frames", paramLabel = "N", description = "Frames, 1 + 4k.")
  private @Nullable Integer frames;

  @Option(names = "--steps", paramLabel = "N", description = "Denoising steps.")
  private @Nullable Integer steps;

  @Option(
      names = "--cfg",
      paramLabel = "X",
      description = "Guidance strength; 1 for none (default: ${DEFAULT-VALUE}).")
  private float cfg = 5;

  @Option(
      names = "--shift",
      paramLabel = "X",
      description = "Shift of the noise schedule (default: ${DEFAULT-VALUE}).")
  private float shift = 5;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the noise (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "PNG, JPEG or WebP that the video starts from; resized to its size.")
  private @Nullable Path image;

  @Option(
      names = "--image-fit",
      paramLabel = "FIT",
      description =
          "Where --image has another aspect ratio: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private ImageFit imageFit = ImageFit.STRETCH;

  @Mixin private final SamplingOptions samplingOptions = new SamplingOptions();
  @Mixin private final VaeOptions vaeOptions = new VaeOptions();

  @Option(names = "--fps", paramLabel = "X", description = "Frames a second of the video.")
  private @Nullable Double fps;

  /** What the model's release is run with: T3-Video's at 4K, Wan's own at its sizes. */
  public ModelDefaults released(DitConfig dit, boolean t3Weights) {
    boolean t3 = attention != null ? attention == Attention.T3 : windows != null || t3Weights;
    return t3 ? ModelDefaults.T3_VIDEO : ModelDefaults.wan(dit);
  }

  /** Frames a second of the written video. */
  public double fps(ModelDefaults defaults) {
    double value = fps != null ? fps : defaults.fps();
    if (!(value > 0 && value <= 1000)) {
      throw new UsageException(
          "--fps is %s, must be above 0 and at most 1000".formatted(number(value)));
    }
    return value;
  }

  /** Size of the written frames; those of the {@link #request} may be larger. */
  public FrameSize frameSize(DitConfig dit, VaeConfig vae, ModelDefaults defaults) {
    return sizeOptions.size(defaults, tokenPixels(dit, vae));
  }

  /** Rows and columns of pixels that a token covers. */
  private static int tokenPixels(DitConfig dit, VaeConfig vae) {
    return vae.spatialFactor() * dit.patchH();
  }

  /**
   * What to make.
   *
   * @param t3Weights whether the model has T3-Video's weights
   * @param notes told of values that were changed
   * @throws UsageException if an option's value cannot be
   * @throws IOException if the image cannot be read
   */
  public GenerationRequest request(
      String prompt,
      String negative,
      DitConfig dit,
      VaeConfig vae,
      boolean t3Weights,
      ModelDefaults defaults,
      Consumer<String> notes)
      throws IOException {
    FrameSize computed = computed(dit, vae, t3Weights, defaults);
    try {
      GenerationRequest request =
          new GenerationRequest(
              prompt,
              negative,
              computed.height(),
              computed.width(),
              roundedFrames(defaults, notes),
              steps != null ? steps : defaults.steps(),
              cfg,
              shift,
              seed,
              SelfAttentionPlan.full());
      if (image != null) {
        RgbImage picture = ImageFile.read(image);
        request = request.withImage(imageFit.apply(picture, request.height(), request.width()));
      }
      request = samplingOptions.applyTo(request, fps(defaults));
      request.requireFits(dit, vae);
      GenerationRequest planned =
          vaeOptions.applyTo(request.withAttention(plan(request, dit, vae, t3Weights, defaults)));
      planned.requireFits(dit, vae);
      return planned;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The smallest size that the model has tokens for; with T3 windows by rule, the trained one. */
  private FrameSize computed(
      DitConfig dit, VaeConfig vae, boolean t3Weights, ModelDefaults defaults) {
    int pixels = tokenPixels(dit, vae);
    FrameSize padded = frameSize(dit, vae, defaults).paddedTo(pixels);
    if (!hasT3(t3Weights, defaults) || windows != null) {
      return padded;
    }
    TokenGrid frame = new TokenGrid(1, padded.height() / pixels, padded.width() / pixels);
    TokenGrid trained = T3WindowRule.forTokensOf(pixels).roundedUp(frame);
    return new FrameSize(trained.h() * pixels, trained.w() * pixels);
  }

  private boolean hasT3(boolean t3Weights, ModelDefaults defaults) {
    return attention != null
        ? attention == Attention.T3
        : windows != null || t3Weights || defaults.windows() != null;
  }

  private int roundedFrames(ModelDefaults defaults, Consumer<String> notes) {
    int asked = frames != null ? frames : defaults.frames();
    int rounded = asked < 1 ? asked : GenerationRequest.roundFrames(asked);
    if (rounded != asked) {
      notes.accept(
          "--frames %d is not 1 + 4k; rounded up to %d as upstream does".formatted(asked, rounded));
    }
    return rounded;
  }

  private SelfAttentionPlan plan(
      GenerationRequest request,
      DitConfig dit,
      VaeConfig vae,
      boolean t3Weights,
      ModelDefaults defaults) {
    if (!hasT3(t3Weights, defaults)) {
      if (windows != null) {
        throw new UsageException("--windows has no meaning with --attention full");
      }
      return SelfAttentionPlan.full();
    }
    if (windows != null) {
      return T3Windows.parse(windows);
    }
    if (defaults.windows() != null && defaults.sized(request)) {
      return T3Windows.parse(defaults.windows());
    }
    return T3WindowRule.forTokensOf(tokenPixels(dit, vae)).windows(request.grid(dit, vae));
  }

  /** A number without needless digits. */
  public static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%s", (float) value);
  }
}
