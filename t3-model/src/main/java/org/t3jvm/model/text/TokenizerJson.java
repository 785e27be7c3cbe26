package org.t3jvm.model.text;

import ai.djl.engine.EngineException;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A tokenizer in Hugging Face's form, {@code tokenizer.json}. */
final class TokenizerJson {
  /** A file past this is no tokenizer: the real one has 17 MB. */
  private static final long MAX_BYTES = 256L << 20;

  static {
    // The library would otherwise look for newer natives and report its start over the network.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  private TokenizerJson() {}

  /** Reads a file that does neither truncate nor pad, nor add an end. */
  static HuggingFaceTokenizer read(Path tokenizerJson) throws IOException {
    if (!Files.isRegularFile(tokenizerJson)) {
      throw new IOException(tokenizerJson + ": there is no such tokenizer.json");
    }
    if (Files.size(tokenizerJson) > MAX_BYTES) {
      throw new IOException(
          "%s: has %d bytes, a tokenizer.json has at most %d"
              .formatted(tokenizerJson, Files.size(tokenizerJson), MAX_BYTES));
    }
    // Truncation and padding are done by Tokenizer, whatever the file asks for.
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
  static long special(HuggingFaceTokenizer tokenizer, String token) throws IOException {
    long[] ids = tokenizer.encode(token, false, false).getIds();
    if (ids.length != 1) {
      throw new IOException("has no special token " + token + ", a UMT5 tokenizer has");
    }
    return ids[0];
  }
}
