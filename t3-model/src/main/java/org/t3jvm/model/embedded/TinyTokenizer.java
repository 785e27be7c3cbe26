package org.t3jvm.model.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.model.text.UnigramJson;

/**
 * A small unigram tokenizer in the form of UMT5's {@code tokenizer.json} (SPEC 2): common words
 * whole, parts of words, ASCII characters, and bytes for everything else, so that nothing is
 * unknown.
 */
final class TinyTokenizer {
  private static final String WORDS = "words.txt";

  /** Words that also start sentences. */
  private static final int CAPITALIZED = 120;

  private static final String PARTS =
      "s ed ing er est ly tion ment ness ful less able ous ive al ic ity ize ist ish en y es ies th"
          + " he in an re on at nd st or te ar is it al se le ou ne ve ea ro ra ri li io de co me"
          + " ch sh ck ll ss tt ee oo ai ay ow ew igh ough und ound and ent ant ect ill all ell ook"
          + " ight ream ater over under un dis pre con com pro sub inter out up";

  private static final double FIRST_WORD = -4;
  private static final double CAPITALIZATION = -1.5;
  private static final double PART_OF_WORD = -8;
  private static final double CHARACTER = -10;
  // So low that text which spells out a byte piece's name is still read as text.
  private static final double BYTE = -100;

  private TinyTokenizer() {}

  /** Every piece with its score, in the order of the ids. */
  static Map<String, Double> vocabulary() throws IOException {
    Map<String, Double> pieces = new LinkedHashMap<>();
    UnigramJson.SPECIAL.forEach(piece -> pieces.put(piece, 0.0));
    for (int b = 0; b < 256; b++) {
      pieces.put("<0x%02X>".formatted(b), BYTE);
    }
    pieces.put(UnigramJson.SPACE, CHARACTER / 2);
    List<String> words = words();
    for (int rank = 0; rank < words.size(); rank++) {
      pieces.put(UnigramJson.SPACE + words.get(rank), wordScore(rank));
    }
    for (int rank = 0; rank < CAPITALIZED; rank++) {
      String word = words.get(rank);
      String capitalized = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
      pieces.putIfAbsent(UnigramJson.SPACE + capitalized, wordScore(rank) + CAPITALIZATION);
    }
    for (String part : PARTS.split(" ", -1)) {
      pieces.putIfAbsent(part, PART_OF_WORD);
    }
    for (char c = '!'; c <= '~'; c++) {
      pieces.putIfAbsent(String.valueOf(c), CHARACTER);
    }
    return pieces;
  }

  /**
   * Zipf's law: a word's frequency falls with its rank. Four decimals, so that the text is stable.
   */
  private static double wordScore(int rank) {
    return FIRST_WORD - Math.rint(StrictMath.log(1 + rank / 10.0) * 1e4) / 1e4;
  }

  private static List<String> words() throws IOException {
    try (InputStream in =
            Objects.requireNonNull(TinyTokenizer.class.getResourceAsStream(WORDS), WORDS);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  /** The whole {@code tokenizer.json}. */
  static byte[] json() throws IOException {
    return UnigramJson.of(vocabulary(), true);
  }
}
