package org.t3jvm.cli.option;

import org.jspecify.annotations.Nullable;
import org.t3jvm.job.SamplingPreset;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.Mixin;

/** Every choice of a job but the prompt and what computes it. */
public final class JobOptions {
  /** What {@code --preset} of the commands that make videos says of itself. */
  public static final String PRESET =
      "Defaults for weights distilled to a few steps: lightning is --steps 4 --cfg 1 --shift 5,"
          + " as LoRA such as lightx2v's need.";

  @Mixin public final TextOptions text = new TextOptions();
  @Mixin public final ModelOptions model = new ModelOptions();
  @Mixin private final LoraOptions lora = new LoraOptions();
  @Mixin private final VideoOptions video = new VideoOptions();

  private @Nullable SamplingPreset preset;

  /** Sampling that counts where options do not say otherwise. */
  public void preset(SamplingPreset value) {
    preset = value;
  }

  /**
   * The job of a prompt.
   *
   * @param backend what computes it
   * @throws org.t3jvm.job.JobException if an option's value can be of no model
   */
  public VideoJob job(String prompt, BackendOption backend) {
    VideoJobBuilder job = VideoJob.of(prompt);
    if (preset != null) {
      preset.applyTo(job);
    }
    text.applyTo(job);
    video.applyTo(job);
    lora.applyTo(job);
    model.applyTo(job);
    backend.applyTo(job);
    return job.build();
  }
}
