package org.t3jvm.model.cli;

import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code batch} take alike: all but the prompt and where videos go. */
final class GenerationOptions {
  @Mixin final TextOptions text = new TextOptions();
  @Mixin final ModelOptions model = new ModelOptions();
  @Mixin final LoraOptions lora = new LoraOptions();
  @Mixin final VideoOptions video = new VideoOptions();
  @Mixin final ComputeOptions compute = new ComputeOptions();
  @Mixin final PreviewOptions preview = new PreviewOptions();
  @Mixin final StateOptions state = new StateOptions();

  /** True if the model that comes with the program is used. */
  boolean embedded() {
    return model.model == null && !model.given().complete();
  }
}
