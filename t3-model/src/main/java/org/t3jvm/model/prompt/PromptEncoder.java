package org.t3jvm.model.prompt;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunFailedException;
import org.t3jvm.event.Stage;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** Both prompts of a request to context rows; the negative one's may have been kept (SPEC 17). */
public final class PromptEncoder {
  /** A vocabulary of more words is that of a general model, which makes something of any text. */
  private static final int FEW_WORDS = 200;

  private final VideoModel model;
  private final Backend backend;
  private final ContextCache contexts;

  public PromptEncoder(VideoModel model, Backend backend, ContextCache contexts) {
    this.model = model;
    this.backend = backend;
    this.contexts = contexts;
  }

  /**
   * The context of the prompt, and with guidance that of the negative prompt.
   *
   * @throws RunFailedException if the prompt has words that a model of few words does not know
   */
  public Prompts encode(GenerationRequest request, RunProgress progress) throws IOException {
    requireKnown(PromptCleaner.clean(request.prompt()));
    long[] negative = request.guided() ? ids(request.negative()) : null;
    ContextKey key =
        negative == null || !contexts.on()
            ? null
            : ContextKey.of(negative, model.textCheckpoint(), model.format(), backend);
    Optional<Tensor> kept =
        negative == null || key == null
            ? Optional.empty()
            : contexts.find(key, negative.length, model.textConfig().dim());
    int computed = negative == null || kept.isPresent() ? 1 : 2;
    progress.begin(Stage.TEXT, computed, model.textConfig().layers());
    Tensor positive = encode(ids(request.prompt()), progress);
    Tensor opposite =
        negative == null || kept.isPresent() ? kept.orElse(null) : encode(negative, key, progress);
    progress.end();
    return new Prompts(positive, opposite);
  }

  private void requireKnown(String prompt) {
    List<String> unknown = model.tokenizer().unknownWords(prompt);
    if (unknown.isEmpty()) {
      return;
    }
    List<String> words = model.tokenizer().words();
    if (words.size() <= FEW_WORDS) {
      throw new RunFailedException(
          "prompt: the model does not know %s; its words are: %s"
              .formatted(
                  unknown.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", ")),
                  String.join(" ", words)));
    }
  }

  private long[] ids(String prompt) {
    return model.tokenizer().encode(PromptCleaner.clean(prompt), TextRows.TEXT_LENGTH);
  }

  private Tensor encode(long[] ids, @Nullable ContextKey key, RunProgress progress) {
    Tensor context = encode(ids, progress);
    if (key != null) {
      contexts.keep(key, context);
    }
    return context;
  }

  private Tensor encode(long[] ids, RunProgress progress) {
    return new TextEncoder(backend, model.textConfig(), model.textParameters())
        .encode(ids, region -> progress.block());
  }
}
