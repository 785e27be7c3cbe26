package org.t3jvm.cli.option;

import picocli.CommandLine.Mixin;

/** What {@code generate} and {@code batch} take alike: all but the prompt and where videos go. */
public final class GenerationOptions {
  @Mixin public final TextOptions text = new TextOptions();
  @Mixin public final ModelOptions model = new ModelOptions();
  @Mixin public final LoraOptions lora = new LoraOptions();
  @Mixin public final VideoOptions video = new VideoOptions();
  @Mixin public final ComputeOptions compute = new ComputeOptions();
  @Mixin public final PreviewOptions preview = new PreviewOptions();
  @Mixin public final StateOptions state = new StateOptions();

  /** True if the model that comes with the program is used. */
  public boolean embedded() {
    return model.model == null && !model.given().anyPart();
  }
}
