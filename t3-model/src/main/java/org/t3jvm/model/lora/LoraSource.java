package org.t3jvm.model.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.layout.CheckpointFiles;

/**
 * Where a LoRA lies.
 *
 * @param path safetensors or {@code .pth}, or a folder that PEFT or diffusers saved one in
 */
public record LoraSource(Path path) {
  /** The file beside a LoRA in which PEFT keeps what its scale is. */
  static final String CONFIG = "adapter_config.json";

  private static final List<String> IN_FOLDER =
      List.of("adapter_model.safetensors", "adapter_model.bin", "pytorch_lora_weights.safetensors");

  /** The files that decide what this changes: the weights, and the configuration beside them. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    files.add(weights());
    if (Files.isRegularFile(config())) {
      files.add(config());
    }
    return files;
  }

  /** The weights; of a folder the usual file where it is there. */
  private Path weights() {
    return IN_FOLDER.stream()
        .map(path::resolve)
        .filter(each -> Files.isDirectory(path) && Files.isRegularFile(each))
        .findFirst()
        .orElse(path);
  }

  private Path config() {
    return Files.isDirectory(path) ? path.resolve(CONFIG) : path.resolveSibling(CONFIG);
  }

  /**
   * Opens the LoRA and reads what its scale is.
   *
   * @param scale what the change is multiplied by
   * @param threads that decode stored tensors
   * @throws IOException if a folder holds none or several, or a file cannot be read
   */
  public LoraParameters.Opened open(float scale, int threads) throws IOException {
    Path weights = weights();
    Checkpoint checkpoint =
        Files.isDirectory(weights)
            ? CheckpointFiles.single(weights).open(threads)
            : Checkpoints.open(weights, threads);
    try {
      if (LoraWeights.FIRST_STAGE.equals(checkpoint.metadata().get(LoraWeights.RELAY_STAGE))) {
        throw new IOException(
            "'%s' is the LoRA of ViBe's first stage, by its metadata, which is not for rendering; give that of the second stage"
                .formatted(weights));
      }
      return new LoraParameters.Opened(checkpoint, scale, AdapterConfig.of(checkpoint, config()));
    } catch (IOException e) {
      checkpoint.close();
      throw e;
    }
  }
}
