package org.t3jvm.cli.option;

import org.t3jvm.job.Output;
import org.t3jvm.job.RunOptions;
import org.t3jvm.job.VideoJob;
import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code batch} take alike: all but the prompt and where videos go. */
public final class GenerationOptions {
  @Mixin public final JobOptions what = new JobOptions();
  @Mixin public final ComputeOptions compute = new ComputeOptions();
  @Mixin public final PreviewOptions preview = new PreviewOptions();
  @Mixin public final StateOptions state = new StateOptions();

  /**
   * The job of a prompt.
   *
   * @throws org.t3jvm.job.JobException if an option's value can be of no model
   */
  public VideoJob job(String prompt) {
    return what.job(prompt, compute.backend);
  }

  /** How the machine is used. */
  public RunOptions runOptions() {
    return compute.backend.options(what.text.place(System.getenv()).orElse(null), compute.profile);
  }

  /** Where a video goes, and what becomes of an unfinished run of it. */
  public Output output(String name, Output.Unfinished unfinished) {
    return Output.of(name)
        .keepState(state.keep)
        .unfinished(state.restart ? Output.Unfinished.DISCARD : unfinished);
  }
}
