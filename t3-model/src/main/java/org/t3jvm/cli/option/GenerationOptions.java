package org.t3jvm.cli.option;

import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Output;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.SamplingPreset;
import org.t3jvm.job.VideoJob;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code batch} take alike: all but the prompt and where videos go. */
public final class GenerationOptions {
  /** What {@code --preset} of the commands that make videos says of itself. */
  public static final String PRESET =
      "Defaults for weights distilled to a few steps: lightning is --steps 4 --cfg 1 --shift 5,"
          + " as LoRA such as lightx2v's need.";

  @Mixin public final TextOptions text = new TextOptions();
  @Mixin public final ModelOptions model = new ModelOptions();
  @Mixin public final LoraOptions lora = new LoraOptions();
  @Mixin public final VideoOptions video = new VideoOptions();
  @Mixin public final ComputeOptions compute = new ComputeOptions();
  @Mixin public final PreviewOptions preview = new PreviewOptions();
  @Mixin public final StateOptions state = new StateOptions();

  private @Nullable SamplingPreset preset;

  /** Sampling that counts where options do not say otherwise. */
  public void preset(SamplingPreset value) {
    preset = value;
  }

  /**
   * The job of a prompt.
   *
   * @throws org.t3jvm.job.JobException if an option's value can be of no model
   */
  public VideoJob job(String prompt) {
    VideoJobBuilder job = VideoJob.of(prompt);
    if (preset != null) {
      preset.applyTo(job);
    }
    text.applyTo(job);
    video.applyTo(job);
    lora.applyTo(job);
    model.applyTo(job);
    compute.backend.applyTo(job);
    return job.build();
  }

  /** How the machine is used. */
  public RunOptions runOptions() {
    return compute.backend.options(text.place(System.getenv()).orElse(null), compute.profile);
  }

  /** Where a video goes, and what becomes of an unfinished run of it. */
  public Output output(String name, Output.Unfinished unfinished) {
    return Output.of(name)
        .keepState(state.keep)
        .unfinished(state.restart ? Output.Unfinished.DISCARD : unfinished);
  }
}
