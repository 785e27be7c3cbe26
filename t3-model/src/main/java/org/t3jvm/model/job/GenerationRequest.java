package org.t3jvm.model.job;

import static org.t3jvm.job.JobException.require;

import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Hires;
import org.t3jvm.job.JobException;
import org.t3jvm.job.Sampler;
import org.t3jvm.job.StepCacheOption;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.InwardWindows;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.sampling.Scheduler;
import org.t3jvm.model.sampling.Schedulers;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.tile.Tiling;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * What to make.
 *
 * @param prompt what the video shows
 * @param negative what it should not show; used if {@code guidance} is not 1
 * @param height pixels
 * @param width pixels
 * @param frames 1 + 4k
 * @param steps of the scheduler
 * @param guidance strength of the classifier-free guidance, cfg; 1 for none
 * @param shift of the noise schedule
 * @param seed of the noise
 * @param attention pattern of each block's self-attention
 * @param image what the video starts from, of any size; null for a video from text alone
 * @param sampler the solver of the steps
 * @param source a video to start from, of any size; null to start from noise alone
 * @param cache which steps are not computed; null to compute all
 * @param tiling upstream's tiles for the VAE to decode and encode in; null for exact values
 * @param second the pass before this one, if this is the second, larger one; null for one pass
 */
public record GenerationRequest(
    String prompt,
    String negative,
    int height,
    int width,
    int frames,
    int steps,
    float guidance,
    float shift,
    long seed,
    SelfAttentionPlan attention,
    @Nullable RgbImage image,
    Sampler sampler,
    @Nullable SourceVideo source,
    @Nullable StepCacheOption cache,
    @Nullable Tiling tiling,
    @Nullable SecondPass second) {

  /** Upstream's largest token position along an axis (SPEC 4, step 4). */
  public static final int MAX_POSITIONS = 1024;

  /** A request for a video from text alone, by the Euler solver. */
  public GenerationRequest(
      String prompt,
      String negative,
      int height,
      int width,
      int frames,
      int steps,
      float guidance,
      float shift,
      long seed,
      SelfAttentionPlan attention) {
    this(
        prompt,
        negative,
        height,
        width,
        frames,
        steps,
        guidance,
        shift,
        seed,
        attention,
        null,
        Sampler.EULER,
        null,
        null,
        null,
        null);
  }

  /** {@code frames} rounded up to 1 + 4k, as upstream does (SPEC 1). */
  public static int roundFrames(int frames) {
    return (frames + 2) / VaeConfig.TEMPORAL_FACTOR * VaeConfig.TEMPORAL_FACTOR + 1;
  }

  /** The same with another self-attention. */
  public GenerationRequest withAttention(SelfAttentionPlan plan) {
    return with(plan, image, sampler, source);
  }

  /** The same from an image. */
  public GenerationRequest withImage(RgbImage first) {
    return with(attention, first, sampler, source);
  }

  /** The same by another solver. */
  public GenerationRequest withSampler(Sampler solver) {
    return with(attention, image, solver, source);
  }

  /** The same from a video. */
  public GenerationRequest withSource(SourceVideo video) {
    return with(attention, image, sampler, video);
  }

  /** The same with a step cache, or null without. */
  public GenerationRequest withCache(@Nullable StepCacheOption option) {
    return new GenerationRequest(
        prompt, negative, height, width, frames, steps, guidance, shift, seed, attention, image,
        sampler, source, option, tiling, second);
  }

  /** The same with the VAE's work in upstream's tiles; null for exact values. */
  public GenerationRequest withTiling(@Nullable Tiling tiles) {
    return new GenerationRequest(
        prompt, negative, height, width, frames, steps, guidance, shift, seed, attention, image,
        sampler, source, cache, tiles, second);
  }

  /**
   * The second pass of a video whose first pass this is.
   *
   * @param height pixels
   * @param width pixels
   * @param windows its self-attention
   * @param hires the method, with every choice filled in
   */
  public GenerationRequest enlarged(int height, int width, InwardWindows windows, Hires hires) {
    return new GenerationRequest(
        prompt,
        negative,
        height,
        width,
        frames,
        steps,
        guidance,
        hires.shift(),
        seed,
        windows,
        null,
        hires.sampler(),
        null,
        hires.kind() == Hires.Kind.FREESWIM ? null : cache,
        tiling,
        new SecondPass(this, hires));
  }

  private GenerationRequest with(
      SelfAttentionPlan plan,
      @Nullable RgbImage first,
      Sampler solver,
      @Nullable SourceVideo video) {
    return new GenerationRequest(
        prompt, negative, height, width, frames, steps, guidance, shift, seed, plan, first, solver,
        video, cache, tiling, second);
  }

  /** The same of another size and length, with the same self-attention. */
  public GenerationRequest sized(int otherHeight, int otherWidth, int otherFrames) {
    return new GenerationRequest(
        prompt,
        negative,
        otherHeight,
        otherWidth,
        otherFrames,
        steps,
        guidance,
        shift,
        seed,
        attention,
        image,
        sampler,
        source,
        cache,
        tiling,
        second == null ? null : second.ofFrames(otherFrames));
  }

  /** A fresh solver of the steps, of a second pass those that it does. */
  public Scheduler scheduler() {
    if (second != null) {
      int done = second.hires().stepsDone(steps);
      return Schedulers.from(steps - done, sampler, steps, shift);
    }
    return Schedulers.of(sampler, steps, shift, source == null ? 1 : source.strength(), seed);
  }

  /** Steps that are done, of all passes. */
  public int allSteps() {
    return scheduler().steps() + (second == null ? 0 : second.base().allSteps());
  }

  /** Latent frames, T. */
  public int latentFrames() {
    return VaeConfig.latentFrames(frames);
  }

  /**
   * Latent frames that are encoded before the steps: of a video all, of an image one, else none.
   */
  public int encodedFrames() {
    if (source != null || second != null) {
      return latentFrames();
    }
    return image == null ? 0 : 1;
  }

  /** Shape of the latents [C, T, height/s, width/s], s being the VAE's spatial factor. */
  public Shape latentShape(VaeConfig vae) {
    return Shape.of(
        vae.latentChannels(),
        latentFrames(),
        height / vae.spatialFactor(),
        width / vae.spatialFactor());
  }

  /** The DiT's token grid of this video. */
  public TokenGrid grid(DitConfig dit, VaeConfig vae) {
    Shape latents = latentShape(vae);
    return dit.grid(latents.intDim(1), latents.intDim(2), latents.intDim(3));
  }

  /** True if the negative prompt is used. */
  public boolean guided() {
    return guidance != 1;
  }

  /**
   * Fails if a model cannot make this.
   *
   * @throws JobException naming the field, its value and what would be right
   */
  public void requireFits(DitConfig dit, VaeConfig vae) {
    if (second != null) {
      second.requireFits(this, dit, vae);
    }
    requireMultiple("size.height", height, vae.spatialFactor() * dit.patchH());
    requireMultiple("size.width", width, vae.spatialFactor() * dit.patchW());
    require(frames >= 1 && roundFrames(frames) == frames, "size.frames", frames, "1 + 4k");
    require(steps >= 1, "sampling.steps", steps, "at least 1");
    require(shift > 0 && Float.isFinite(shift), "sampling.shift", shift, "a number above 0");
    require(Float.isFinite(guidance), "sampling.cfg", guidance, "a finite number");
    if (source != null) {
      float strength = source.strength();
      require(strength > 0 && strength <= 1, "start.strength", strength, "above 0 and at most 1");
    }
    requireSchedule();
    if (image != null && !dit.separatedTimestep()) {
      throw new JobException(
          "start.image needs a model that starts from images, such as Wan2.2-TI2V-5B; this one"
              + " makes videos from text alone");
    }
    if (!vae.encodes() && (image != null || source != null || second != null)) {
      throw new JobException(
          "files.vae is %s; to start from an image or a video, or to enlarge one, give Wan's own VAE with its encoder"
              .formatted(vae.isTiny() ? "a TAEHV, which only decodes" : "a decoder alone"));
    }
    TokenGrid grid = grid(dit, vae);
    if (Math.max(grid.t(), Math.max(grid.h(), grid.w())) > MAX_POSITIONS) {
      throw new JobException(
          "token grid %s is larger than %d positions along an axis; choose a smaller video"
              .formatted(grid, MAX_POSITIONS));
    }
    try {
      if (attention instanceof T3Windows windows) {
        windows.requireFit(grid);
      } else if (attention instanceof InwardWindows windows) {
        windows.requireFit(grid);
      }
    } catch (IllegalArgumentException e) {
      String field = attention instanceof InwardWindows ? "hires.pooling: " : "";
      throw new JobException(field + e.getMessage(), e);
    }
  }

  private void requireSchedule() {
    try {
      scheduler();
    } catch (IllegalArgumentException e) {
      String field = second == null ? "sampling.sampler" : "hires.sampler";
      throw new JobException("%s %s: %s".formatted(field, sampler, e.getMessage()), e);
    }
  }

  static void requireMultiple(String field, int value, int multiple) {
    int below = Math.max(multiple, value / multiple * multiple);
    require(
        value > 0 && value % multiple == 0,
        field,
        value,
        "a multiple of %d, such as %d or %d".formatted(multiple, below, below + multiple));
  }
}
