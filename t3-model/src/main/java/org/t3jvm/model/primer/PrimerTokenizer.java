package org.t3jvm.model.primer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.t3jvm.model.text.UnigramJson;
import org.t3jvm.model.world.Captions;

/**
 * A tokenizer in the form of UMT5's {@code tokenizer.json} (SPEC 2) whose pieces are the words of
 * the captions, whole; any other word is unknown.
 */
public final class PrimerTokenizer {
  private static final double WORD = -4;

  private PrimerTokenizer() {}

  /** Every piece with its score, in the order of the ids. */
  static Map<String, Double> pieces() {
    Map<String, Double> pieces = new LinkedHashMap<>();
    UnigramJson.SPECIAL.forEach(piece -> pieces.put(piece, 0.0));
    Captions.words().forEach(word -> pieces.put(UnigramJson.SPACE + word, WORD));
    return pieces;
  }

  /** The whole {@code tokenizer.json}. */
  public static byte[] json() {
    return UnigramJson.of(pieces(), false);
  }
}
