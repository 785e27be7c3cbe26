package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.files.ModelDefaults;
import org.t3jvm.model.initial.ModelWriter;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

/** A model as files that {@code --model} opens, F32 where it was trained. */
record ModelFolder(Path folder) {
  private static final String TEXT_ENCODER = "models_t5_umt5-xxl-enc.safetensors";
  private static final String TOKENIZERS = "google/umt5-xxl";

  /** What videos of a model that was made from nothing are rendered with. */
  static final ModelDefaults FROM_NOTHING = new ModelDefaults(1, 1, 1, 12, 12, null);

  /** Writes the transformer. */
  void dit(DitConfig config, Map<String, Tensor> weights, Map<String, String> metadata)
      throws IOException {
    TaskWeights.write(folder.resolve(ModelWriter.DIT), weights, metadata);
    json(ModelWriter.DIT_CONFIG, Map.of("num_heads", config.heads()));
  }

  /** Writes a text encoder that was trained. */
  void text(Map<String, Tensor> weights) throws IOException {
    TaskWeights.write(folder.resolve(TEXT_ENCODER), weights, Map.of());
  }

  /** Writes the tokenizer. */
  void tokenizer(TaskText.TokenizerFile tokenizer) throws IOException {
    Path file = folder.resolve(TOKENIZERS).resolve(tokenizer.name());
    Files.createDirectories(file.getParent());
    Files.write(file, tokenizer.bytes());
  }

  /** Copies files of a part that was not trained. */
  void copy(List<Path> files) throws IOException {
    for (Path file : files) {
      Path to = folder.resolve(file.getFileName().toString());
      if (!Files.exists(to) || !Files.isSameFile(file, to)) {
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /**
   * Writes that videos are by default as large as latents [C, T, h, w] that were trained last, with
   * the attention of then, and else are made as those of the model that the training started from;
   * empty captions stand for the negative prompt, as in training.
   */
  void defaults(Shape latents, VaeConfig vae, SelfAttentionPlan attention, ModelDefaults start)
      throws IOException {
    int factor = vae.spatialFactor();
    json(
        ModelDefaults.FILE,
        new ModelDefaults(
            latents.intDim(2) * factor,
            latents.intDim(3) * factor,
            VaeConfig.frames(latents.intDim(1)),
            start.steps(),
            start.fps(),
            attention instanceof T3Windows windows ? windows.toString() : null,
            start.cfg(),
            start.shift(),
            ""));
  }

  private void json(String name, Object value) throws IOException {
    Files.write(folder.resolve(name), JsonMapper.shared().writeValueAsBytes(value));
  }
}
