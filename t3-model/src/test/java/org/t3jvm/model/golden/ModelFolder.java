package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.t3jvm.job.ModelSource;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.vae.tile.Tiling;
import tools.jackson.databind.JsonNode;

/**
 * A model folder laid out as upstream's downloads are, made of the files that a whole-pipeline
 * entry was run with.
 *
 * @param path the folder
 */
public record ModelFolder(Path path) {
  /** Name of the DiT's file. */
  public static final String DIT = "diffusion_pytorch_model.safetensors";

  /** Name of the text encoder's file. */
  public static final String TEXT_ENCODER = "models_t5_umt5-xxl-enc-bf16.pth";

  /** Name of the VAE's file. */
  public static final String VAE = "Wan2.1_VAE.pth";

  /** Name of the tokenizer's file. */
  public static final String TOKENIZER = "google/umt5-xxl/tokenizer.json";

  /** Name of the DiT's configuration. */
  public static final String CONFIG = "config.json";

  /** Name of the VAE's file of the 5B-like tiny model. */
  public static final String VAE22 = "Wan2.2_VAE.pth";

  /** Builds the folder of the 1.3B-like tiny model in {@code folder}, which must exist. */
  public static ModelFolder build(FixtureSet set, Path folder) throws IOException {
    Fixture dit = set.named("dit13");
    Files.copy(dit.weights(false), folder.resolve(DIT));
    Files.copy(set.named("vae21").path(".pth"), folder.resolve(VAE));
    return buildRest(set, dit, folder);
  }

  /**
   * Builds the folder of the TI2V-5B-like tiny model, its DiT in shards, in {@code folder}, which
   * must exist.
   */
  public static ModelFolder build5b(FixtureSet set, Path folder) throws IOException {
    Fixture dit = set.named("dit5b");
    for (String file : dit.files()) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      if (name.startsWith("diffusion_pytorch_model")) {
        Files.copy(dit.folder().resolve(file), folder.resolve(name));
      }
    }
    Files.copy(set.named("vae22").path(".pth"), folder.resolve(VAE22));
    return buildRest(set, dit, folder);
  }

  private static ModelFolder buildRest(FixtureSet set, Fixture dit, Path folder)
      throws IOException {
    Files.copy(set.named("t5").weights(false), folder.resolve(TEXT_ENCODER));
    Path tokenizer = folder.resolve(TOKENIZER);
    Files.createDirectories(tokenizer.getParent());
    Files.copy(set.named("tokenizer").path("/tokenizer.json"), tokenizer);
    Files.writeString(
        folder.resolve(CONFIG), "{\"num_heads\": %d}".formatted(dit.config("num_heads")));
    return new ModelFolder(folder);
  }

  /** The folder's files, nothing given one by one. */
  public ModelFiles files() throws IOException {
    return ModelFiles.find(ModelSource.of(path));
  }

  /** What a whole-pipeline entry asked the reference for. */
  public static GenerationRequest request(Fixture fixture) {
    JsonNode run = fixture.json().get("run");
    GenerationRequest request =
        new GenerationRequest(
            run.get("prompt").asString(),
            run.get("negative_prompt").asString(),
            run.get("height").asInt(),
            run.get("width").asInt(),
            run.get("num_frames").asInt(),
            run.get("num_inference_steps").asInt(),
            (float) run.get("cfg_scale").asDouble(),
            (float) run.get("sigma_shift").asDouble(),
            run.get("seed").asLong(),
            fixture.windows());
    return run.get("tiled").asBoolean() ? request.withTiling(Tiling.PIPELINE) : request;
  }
}
