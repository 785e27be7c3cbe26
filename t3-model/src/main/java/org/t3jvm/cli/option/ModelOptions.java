package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.WeightFormat;
import picocli.CommandLine.Option;

/** Options that say which model to use. */
public final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Folder of a Wan download; without it the embedded tiny model.")
  public @Nullable Path model;

  @Option(
      names = "--t3",
      paramLabel = "FILE",
      description = "T3-Video state dict to lay over the DiT; turns on T3 attention.")
  @Nullable Path t3;

  @Option(names = "--dit", paramLabel = "FILE", description = "DiT, if not the model folder's.")
  @Nullable Path dit;

  @Option(
      names = "--dit-low",
      paramLabel = "FILE",
      description = "DiT for low noise, of models with two such as Wan2.2-T2V-A14B.")
  @Nullable Path ditLow;

  @Option(
      names = "--text-encoder",
      paramLabel = "FILE",
      description = "UMT5 encoder, if not the model folder's.")
  @Nullable Path textEncoder;

  @Option(
      names = "--vae",
      paramLabel = "FILE",
      preprocessor = VaeOptions.OfVae.class,
      description = "VAE, if not the model folder's.")
  @Nullable Path vae;

  @Option(
      names = "--tokenizer",
      paramLabel = "FILE",
      description = "tokenizer.json, if not the model folder's.")
  @Nullable Path tokenizer;

  @Option(
      names = "--weights",
      paramLabel = "stored|q8",
      description =
          "Keep the linear weights of the DiT and the text encoder as they are stored, or as int8"
              + " with scales, at about half of bf16's memory (default: stored).")
  public WeightFormat weights = WeightFormat.STORED;

  /** The parts that are given one by one. */
  public ModelFiles.Given given() {
    return new ModelFiles.Given(dit, ditLow, t3, textEncoder, vae, tokenizer);
  }
}
