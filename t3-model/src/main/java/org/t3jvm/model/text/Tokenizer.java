package org.t3jvm.model.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * The SentencePiece unigram tokenizer of UMT5, read from a {@code tokenizer.json} in Hugging Face's
 * form (SPEC 2). Works without a network. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {
  private static final String PAD = "<pad>";
  private static final String EOS = "</s>";
  private static final String UNKNOWN = "<unk>";

  /** A file past this is no tokenizer: the real one has 17 MB. */
  private static final long MAX_BYTES = 256L << 20;

  static {
    // The library would otherwise look for newer natives and report its start over the network.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private final HuggingFaceTokenizer tokenizer;
  private final long pad;
  private final long eos;
  private final long unknown;

  private Tokenizer(HuggingFaceTokenizer tokenizer) throws IOException {
    this.tokenizer = tokenizer;
    this.pad = special(PAD);
    this.eos = special(EOS);
    this.unknown = special(UNKNOWN);
  }

  /**
   * Reads a tokenizer.
   *
   * @throws IOException in one line that names the file, if it is missing, not a tokenizer, or
   *     lacks the special tokens of UMT5
   */
  public static Tokenizer load(Path tokenizerJson) throws IOException {
    if (!Files.isRegularFile(tokenizerJson)) {
      throw new IOException(tokenizerJson + ": there is no such tokenizer.json");
    }
    if (Files.size(tokenizerJson) > MAX_BYTES) {
      throw new IOException(
          "%s: has %d bytes, a tokenizer.json has at most %d"
              .formatted(tokenizerJson, Files.size(tokenizerJson), MAX_BYTES));
    }
    HuggingFaceTokenizer tokenizer = open(tokenizerJson);
    try {
      return new Tokenizer(tokenizer);
    } catch (IOException e) {
      tokenizer.close();
      throw new IOException(tokenizerJson + ": " + e.getMessage(), e);
    }
  }

  private static HuggingFaceTokenizer open(Path tokenizerJson) throws IOException {
    // Truncation and padding are done here, whatever the file asks for.
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    try {
      return HuggingFaceTokenizer.newInstance(tokenizerJson, options);
    } catch (EngineException | LinkageError e) {
      throw new IOException(
          "the tokenizer library (in ~/.djl.ai or $DJL_CACHE_DIR) does not load on %s %s: %s"
              .formatted(
                  System.getProperty("os.name"), System.getProperty("os.arch"), rootReason(e)),
          e);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          tokenizerJson + ": is not a readable tokenizer.json (" + rootReason(e) + ")", e);
    }
  }

  private static String rootReason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.toString() : message.strip().replaceAll("\\s+", " ");
  }

  /** Special tokens are matched literally in a text, so each one's name gives its id. */
  private long special(String token) throws IOException {
    long[] ids = tokenizer.encode(token, false, false).getIds();
    if (ids.length != 1) {
      throw new IOException("has no special token " + token + ", a UMT5 tokenizer has");
    }
    return ids[0];
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
    long[] ids = tokenizer.encode(cleanedText, false, false).getIds();
    int kept = Math.min(ids.length, maxLength - 1);
    long[] ended = Arrays.copyOf(ids, kept + 1);
    ended[kept] = eos;
    return ended;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
