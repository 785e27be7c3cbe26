package org.t3jvm.model.train.data.encode;

import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** For a text encoder that is trained: the tokens of captions, I64 [n]. */
public record CaptionTokens(Tokenizer tokenizer, String identity) implements CaptionEncoder {
  @Override
  public Tensor encode(String text) {
    long[] ids = tokenizer.encode(PromptCleaner.clean(text), TextRows.TEXT_LENGTH);
    return Tensor.ofLongs(Shape.of(ids.length), ids);
  }

  @Override
  public void close() {}
}
