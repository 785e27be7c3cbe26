package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJobBuilder;
import org.t3jvm.job.WeightFormat;
import picocli.CommandLine.Option;

/** Options that say which model to use. */
public final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of a Wan download; without it the embedded model.")
  private @Nullable String model;

  @Option(
      names = "--t3",
      paramLabel = "FILE",
      description = "T3-Video state dict to lay over the DiT; turns on T3 attention.")
  private @Nullable String t3;

  @Option(names = "--dit", paramLabel = "FILE", description = "DiT, if not the model folder's.")
  private @Nullable String dit;

  @Option(
      names = "--dit-low",
      paramLabel = "FILE",
      description = "DiT for low noise, of models with two such as Wan2.2-T2V-A14B.")
  private @Nullable String ditLow;

  @Option(
      names = "--text-encoder",
      paramLabel = "FILE",
      description = "UMT5 encoder, if not the model folder's.")
  private @Nullable String textEncoder;

  @Option(
      names = "--vae",
      paramLabel = "FILE",
      preprocessor = VaeOptions.OfVae.class,
      description = "VAE, if not the model folder's; a TAEHV (taew2_1, taew2_2) makes drafts.")
  private @Nullable String vae;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json, if not the model folder's.")
  private @Nullable String tokenizer;

  @Option(
      names = "--weights",
      paramLabel = "stored|q8",
      description =
          "Keep the linear weights of the DiT and the text encoder as they are stored, or as int8"
              + " with scales, at about half of bf16's memory (default: stored).")
  private @Nullable WeightFormat weights;

  /** Where the model is looked for. */
  public ModelSource source() {
    return uris().at(Path::of);
  }

  /** The same by name, where it is copied from elsewhere. */
  public ModelSource.Uris uris() {
    return new ModelSource.Uris(model, dit, ditLow, t3, textEncoder, vae, tokenizer);
  }

  /** Keeps weights as the option says, if it says anything. */
  public void applyTo(VideoJobBuilder job) {
    if (weights != null) {
      job.weights(weights);
    }
  }
}
