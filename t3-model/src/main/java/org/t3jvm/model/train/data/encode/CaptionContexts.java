package org.t3jvm.model.train.data.encode;

import java.io.IOException;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.files.ModelPart;
import org.t3jvm.model.prompt.TextEncoder;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;

/** The context rows of captions, by a text encoder that stays as it is. */
public final class CaptionContexts implements CaptionEncoder {
  private final TextEncoder encoder;
  private final Tokenizer tokenizer;
  private final String identity;

  /**
   * An encoder that leaves its parts open when it is closed.
   *
   * @param tokens what distinguishes the tokenizer from others
   * @throws IOException if the files of the text encoder cannot be read
   */
  public CaptionContexts(
      ModelPart<Umt5Config> text, Tokenizer tokenizer, String tokens, Backend backend)
      throws IOException {
    this.encoder = new TextEncoder(backend, text.config(), text.parameters());
    this.tokenizer = tokenizer;
    this.identity = text.identity() + " " + tokens + " " + backend.name();
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public Tensor encode(String text) {
    long[] ids = tokenizer.encode(PromptCleaner.clean(text), TextRows.TEXT_LENGTH);
    return encoder.encode(ids, region -> {});
  }

  @Override
  public void close() {}
}
