package org.t3jvm.model.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.t3jvm.model.text.json.JsonModel;
import org.t3jvm.model.text.spiece.PieceModel;
import org.t3jvm.model.text.spiece.SpieceModel;

/**
 * The SentencePiece unigram tokenizer of UMT5, read from a {@code tokenizer.json} in Hugging Face's
 * form or a {@code spiece.model} in SentencePiece's own (SPEC 2). Works without a network. Safe for
 * use by several threads.
 */
public final class Tokenizer {
  private static final String SPIECE = ".model";
  private static final char SPACE = '\u2581';
  private static final int SHOWN_PIECES = 12;

  /**
   * What a text loses where it is longer than the model reads.
   *
   * @param tokens of the text, the end included
   * @param read how many of them the model reads
   * @param from the first words that it does not
   */
  public record Cut(int tokens, int read, String from) {}

  private final PieceModel model;

  private Tokenizer(PieceModel model) {
    this.model = model;
  }

  /**
   * Reads a tokenizer, whose form is known by the file's name.
   *
   * @throws IOException in one line that names the file, if it is missing, not a tokenizer, or
   *     lacks the special tokens of UMT5
   */
  public static Tokenizer load(Path file) throws IOException {
    PieceModel model =
        file.toString().endsWith(SPIECE) ? SpieceModel.read(file) : JsonModel.read(file);
    if (model.padId() < 0) {
      throw new IOException(file + ": has no special token <pad>, a UMT5 tokenizer has");
    }
    return new Tokenizer(model);
  }

  /** How many ids there are. */
  public int size() {
    return model.size();
  }

  /** The id that fills a row up to its fixed length. */
  public long padId() {
    return model.padId();
  }

  /** The id that ends every text. */
  public long eosId() {
    return model.eosId();
  }

  /** The id of characters that the vocabulary lacks. */
  public long unknownId() {
    return model.unknownId();
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
    long[] all = model.ids(cleanedText);
    int kept = Math.min(all.length, maxLength - 1);
    long[] ended = Arrays.copyOf(all, kept + 1);
    ended[kept] = model.eosId();
    return ended;
  }

  /** The words of a text that the vocabulary cannot spell, in their order. */
  public List<String> unknownWords(String cleanedText) {
    return Arrays.stream(cleanedText.split("\\s+", -1))
        .filter(word -> Arrays.stream(model.ids(word)).anyMatch(id -> id == model.unknownId()))
        .distinct()
        .toList();
  }

  /** The pieces of the vocabulary that start a word, in the order of their ids. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    for (long id = 0; !model.piece(id).isEmpty(); id++) {
      String piece = model.piece(id);
      if (piece.length() > 1 && piece.charAt(0) == SPACE) {
        words.add(piece.substring(1));
      }
    }
    return words;
  }

  /** What {@link #encode} cuts off; empty if it keeps everything. */
  public Optional<Cut> cut(String cleanedText, int maxLength) {
    long[] all = model.ids(cleanedText);
    if (all.length < maxLength) {
      return Optional.empty();
    }
    StringBuilder from = new StringBuilder();
    for (int i = maxLength - 1; i < Math.min(all.length, maxLength - 1 + SHOWN_PIECES); i++) {
      from.append(model.piece(all[i]));
    }
    String words = from.toString().replace(SPACE, ' ').strip();
    return Optional.of(new Cut(all.length + 1, maxLength, words));
  }
}
