package org.t3jvm.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import org.t3jvm.model.text.spiece.SpieceModel;

/**
 * The SentencePiece unigram tokenizer of UMT5, read from a {@code tokenizer.json} in Hugging Face's
 * form or a {@code spiece.model} in SentencePiece's own (SPEC 2). Works without a network. Safe for
 * use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String SPIECE = ".model";
  private static final String PAD = "<pad>";
  private static final String EOS = "</s>";
  private static final String UNKNOWN = "<unk>";

  private final Function<String, long[]> ids;
  private final long pad;
  private final long eos;
  private final long unknown;
  private final Runnable close;

  private Tokenizer(
      Function<String, long[]> ids, long pad, long eos, long unknown, Runnable close) {
    this.ids = ids;
    this.pad = pad;
    this.eos = eos;
    this.unknown = unknown;
    this.close = close;
  }

  /**
   * Reads a tokenizer; the file's name tells its form.
   *
   * @throws IOException in one line that names the file, if it is missing, not a tokenizer, or
   *     lacks the special tokens of UMT5
   */
  public static Tokenizer load(Path file) throws IOException {
    return file.toString().endsWith(SPIECE) ? ofSpiece(file) : ofJson(file);
  }

  private static Tokenizer ofSpiece(Path file) throws IOException {
    SpieceModel model = SpieceModel.read(file);
    if (model.padId() < 0) {
      throw new IOException(file + ": has no special token " + PAD + ", a UMT5 tokenizer has");
    }
    return new Tokenizer(model::ids, model.padId(), model.eosId(), model.unknownId(), () -> {});
  }

  private static Tokenizer ofJson(Path file) throws IOException {
    HuggingFaceTokenizer tokenizer = TokenizerJson.read(file);
    try {
      return new Tokenizer(
          text -> tokenizer.encode(text, false, false).getIds(),
          TokenizerJson.special(tokenizer, PAD),
          TokenizerJson.special(tokenizer, EOS),
          TokenizerJson.special(tokenizer, UNKNOWN),
          tokenizer::close);
    } catch (IOException e) {
      tokenizer.close();
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** The id that fills a row up to its fixed length. */
  public long padId() {
    return pad;
  }

  /** The id that ends every text. */
  public long eosId() {
    return eos;
  }

  /** The id of characters that the vocabulary lacks. */
  public long unknownId() {
    return unknown;
  }

  /**
   * ids [n], n at most {@code maxLength}: the text's ids, cut to {@code maxLength - 1}, and the end
   * id; not padded. An empty text gives the end id alone.
   *
   * @param cleanedText what {@link PromptCleaner#clean} gave
   * @throws IllegalArgumentException if {@code maxLength} is below 1
   */
  public long[] encode(String cleanedText, int maxLength) {
    if (maxLength < 1) {
      throw new IllegalArgumentException("max length is " + maxLength + ", must be at least 1");
    }
    long[] all = ids.apply(cleanedText);
    int kept = Math.min(all.length, maxLength - 1);
    long[] ended = Arrays.copyOf(all, kept + 1);
    ended[kept] = eos;
    return ended;
  }

  @Override
  public void close() {
    close.run();
  }
}
