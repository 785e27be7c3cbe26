package org.t3jvm.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.KernelSource;
import org.t3jvm.tensor.backend.Precision;

/**
 * Builds a {@link VideoJob}. Setters fail with a {@link JobException} if a value can be of no
 * model; {@code T3.plan} and {@code T3.generate} check what depends on the model.
 */
public final class VideoJobBuilder {
  private Text text;
  private Size size = Size.DEFAULT;
  private Sampling sampling = Sampling.DEFAULT;
  private Attention attention = Attention.DEFAULT;
  private Start start = Start.NOISE;
  private Decoding decoding = Decoding.EXACT;
  private Compute compute = Compute.DEFAULT;

  VideoJobBuilder(String prompt) {
    this.text = new Text(prompt, null);
  }

  VideoJobBuilder(VideoJob job) {
    text = job.text();
    size = job.size();
    sampling = job.sampling();
    attention = job.attention();
    start = job.start();
    decoding = job.decoding();
    compute = job.compute();
  }

  public VideoJobBuilder prompt(String prompt) {
    text = new Text(prompt, text.negative());
    return this;
  }

  /** What the video should not show; null for upstream's. */
  public VideoJobBuilder negative(@Nullable String negative) {
    text = new Text(text.prompt(), negative);
    return this;
  }

  public VideoJobBuilder size(Size value) {
    size = value;
    return this;
  }

  /** Pixels of the written frames. */
  public VideoJobBuilder size(int height, int width) {
    return size(new Size(height, width, size.frames(), size.fps(), null, null));
  }

  public VideoJobBuilder frames(int frames) {
    return size(
        new Size(
            size.height(),
            size.width(),
            frames,
            size.fps(),
            size.computedHeight(),
            size.computedWidth()));
  }

  /** Frames a second of the written video. */
  public VideoJobBuilder fps(double fps) {
    return size(
        new Size(
            size.height(),
            size.width(),
            size.frames(),
            fps,
            size.computedHeight(),
            size.computedWidth()));
  }

  public VideoJobBuilder sampling(Sampling value) {
    sampling = value;
    return this;
  }

  public VideoJobBuilder steps(int steps) {
    Sampling s = sampling;
    return sampling(new Sampling(steps, s.sampler(), s.cfg(), s.shift(), s.seed(), s.cache()));
  }

  public VideoJobBuilder sampler(Sampler sampler) {
    Sampling s = sampling;
    return sampling(new Sampling(s.steps(), sampler, s.cfg(), s.shift(), s.seed(), s.cache()));
  }

  /** Strength of the classifier-free guidance; 1 for none. */
  public VideoJobBuilder cfg(float cfg) {
    Sampling s = sampling;
    return sampling(new Sampling(s.steps(), s.sampler(), cfg, s.shift(), s.seed(), s.cache()));
  }

  public VideoJobBuilder shift(float shift) {
    Sampling s = sampling;
    return sampling(new Sampling(s.steps(), s.sampler(), s.cfg(), shift, s.seed(), s.cache()));
  }

  public VideoJobBuilder seed(long seed) {
    Sampling s = sampling;
    return sampling(new Sampling(s.steps(), s.sampler(), s.cfg(), s.shift(), seed, s.cache()));
  }

  /** Steps that are made of earlier ones; null to compute all. */
  public VideoJobBuilder cache(@Nullable StepCacheOption cache) {
    Sampling s = sampling;
    return sampling(new Sampling(s.steps(), s.sampler(), s.cfg(), s.shift(), s.seed(), cache));
  }

  public VideoJobBuilder attention(Attention value) {
    attention = value;
    return this;
  }

  public VideoJobBuilder start(Start value) {
    start = value;
    return this;
  }

  /** Starts from an image, of models that can. */
  public VideoJobBuilder image(Path image) {
    return image(image, ImageFit.STRETCH);
  }

  /** Starts from an image whose aspect ratio may be another than the frame's. */
  public VideoJobBuilder image(Path image, ImageFit fit) {
    return start(new Start(image, fit, start.video(), start.strength(), start.hires()));
  }

  /** How an image or a video of another aspect ratio is brought to that of the frame. */
  public VideoJobBuilder imageFit(ImageFit fit) {
    return start(new Start(start.image(), fit, start.video(), start.strength(), start.hires()));
  }

  /** Starts from a video, of which {@code strength} gives way to noise. */
  public VideoJobBuilder video(Path video, float strength) {
    return start(new Start(start.image(), start.imageFit(), video, strength, start.hires()));
  }

  /** Makes a smaller video first, and enlarges it in a second pass; null for one pass. */
  public VideoJobBuilder hires(@Nullable Hires hires) {
    return start(
        new Start(start.image(), start.imageFit(), start.video(), start.strength(), hires));
  }

  public VideoJobBuilder decoding(Decoding value) {
    decoding = value;
    return this;
  }

  public VideoJobBuilder compute(Compute value) {
    compute = value;
    return this;
  }

  /** Such as {@code cpu}, {@code cuda} or {@code auto}. */
  public VideoJobBuilder backend(String backend) {
    Compute c = compute;
    return compute(
        new Compute(backend, c.precision(), c.kernels(), c.weights(), c.loras(), c.lorasLow()));
  }

  public VideoJobBuilder precision(@Nullable Precision precision) {
    Compute c = compute;
    return compute(
        new Compute(c.backend(), precision, c.kernels(), c.weights(), c.loras(), c.lorasLow()));
  }

  public VideoJobBuilder kernels(@Nullable KernelSource kernels) {
    Compute c = compute;
    return compute(
        new Compute(c.backend(), c.precision(), kernels, c.weights(), c.loras(), c.lorasLow()));
  }

  public VideoJobBuilder weights(WeightFormat weights) {
    Compute c = compute;
    return compute(
        new Compute(c.backend(), c.precision(), c.kernels(), weights, c.loras(), c.lorasLow()));
  }

  /** Lays one more LoRA over the DiT. */
  public VideoJobBuilder lora(Path file, float scale) {
    Compute c = compute;
    List<Lora> loras = new ArrayList<>(c.loras());
    loras.add(new Lora(file, scale));
    return compute(
        new Compute(c.backend(), c.precision(), c.kernels(), c.weights(), loras, c.lorasLow()));
  }

  /** Lays one more LoRA over the DiT for low noise, which then has those of its own alone. */
  public VideoJobBuilder loraLow(Path file, float scale) {
    Compute c = compute;
    List<Lora> loras = new ArrayList<>();
    if (c.lorasLow() != null) {
      loras.addAll(c.lorasLow());
    }
    loras.add(new Lora(file, scale));
    return compute(
        new Compute(c.backend(), c.precision(), c.kernels(), c.weights(), c.loras(), loras));
  }

  public VideoJob build() {
    return new VideoJob(
        VideoJob.VERSION, text, size, sampling, attention, start, decoding, compute);
  }
}
