package org.t3jvm.model.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.job.JobException;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.io.Digest;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.primer.PrimerModel;
import org.t3jvm.model.primer.PrimerTokenizer;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.train.data.encode.CaptionContexts;
import org.t3jvm.model.train.data.encode.CaptionEncoder;
import org.t3jvm.model.train.data.encode.CaptionTokens;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.train.Network;
import org.t3jvm.train.TrainingJob;

/**
 * The text encoder and the tokenizer of a training: those of a model, or new ones for the words of
 * the clips that {@code make-clips} writes.
 *
 * @param part of a model; empty for a new one
 * @param tokenizer the bytes of its file, and the file's name
 */
record TaskText(
    TrainingJob job,
    Umt5Config config,
    Optional<ModelPart<Umt5Config>> part,
    TokenizerFile tokenizer)
    implements AutoCloseable {
  private static final String TOKENIZER = "tokenizer.json";

  /** A file that a tokenizer is read from. */
  @SuppressWarnings("ArrayRecordComponent")
  record TokenizerFile(String name, byte[] bytes, Tokenizer read) {}

  /**
   * Opens what the job asks for.
   *
   * @param threads that decode stored tensors
   * @throws JobException if the text encoder is new and not trained
   */
  static TaskText open(TrainingJob job, ModelSource parts, int threads) throws IOException {
    Network.TextSizes sizes = job.network().text();
    if (sizes == null) {
      Path file = ModelFiles.findTokenizer(parts);
      TokenizerFile tokenizer =
          new TokenizerFile(
              file.getFileName().toString(), Files.readAllBytes(file), Tokenizer.load(file));
      ModelPart<Umt5Config> part = ModelPart.textEncoder(parts, threads);
      return new TaskText(job, part.config(), Optional.of(part), tokenizer);
    }
    Umt5Config config =
        PrimerModel.textConfig(sizes.dim(), sizes.ffn(), sizes.heads(), sizes.layers());
    return new TaskText(job, config, Optional.empty(), words());
  }

  private static TokenizerFile words() throws IOException {
    byte[] bytes = PrimerTokenizer.json();
    Path file = Files.createTempFile("t3-tokenizer", ".json");
    try {
      Files.write(file, bytes);
      return new TokenizerFile(TOKENIZER, bytes, Tokenizer.load(file));
    } finally {
      Files.delete(file);
    }
  }

  /** Weights that its training starts from, under names that begin with {@code prefix}. */
  Map<String, Tensor> initial(String prefix) {
    return part.map(
            given ->
                TaskWeights.copied(
                    prefix, config.parameterShapes().asMap().keySet(), given.parameters()))
        .orElseGet(
            () ->
                TaskWeights.made(
                    prefix,
                    config.parameterShapes().asMap(),
                    PrimerModel.text(config, job.pace().seed())));
  }

  /** What captions are kept as: tokens if the encoder is trained, else context rows. */
  CaptionEncoder captions(Backend backend) throws IOException {
    String tokens = Digest.sha256(tokenizer.bytes());
    if (job.network().trainText()) {
      return new CaptionTokens(tokenizer.read(), tokens);
    }
    ModelPart<Umt5Config> given =
        part.orElseThrow(
            () ->
                new JobException(
                    "network.trainText is false, must be true for a new text encoder"));
    return new CaptionContexts(given, tokenizer.read(), tokens, backend);
  }

  /** Files of the text encoder of a model. */
  List<Path> files() {
    return part.map(ModelPart::files).orElse(List.of());
  }

  @Override
  public void close() {
    part.ifPresent(ModelPart::close);
  }
}
