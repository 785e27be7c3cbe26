package org.t3jvm.model.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small unigram tokenizer in the form of UMT5's {@code tokenizer.json} (SPEC 2): common words
 * whole, parts of words, ASCII characters, and bytes for everything else, so that nothing is
 * unknown.
 */
final class TinyTokenizer {
  private static final String WORDS = "words.txt";
  private static final String SPACE = "\u2581";
  private static final List<String> SPECIAL = List.of("<pad>", "</s>", "<s>", "<unk>");
  private static final int END = 1;
  private static final int UNKNOWN = 3;

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
    SPECIAL.forEach(piece -> pieces.put(piece, 0.0));
    for (int b = 0; b < 256; b++) {
      pieces.put("<0x%02X>".formatted(b), BYTE);
    }
    pieces.put(SPACE, CHARACTER / 2);
    List<String> words = words();
    for (int rank = 0; rank < words.size(); rank++) {
      pieces.put(SPACE + words.get(rank), wordScore(rank));
    }
    for (int rank = 0; rank < CAPITALIZED; rank++) {
      String word = words.get(rank);
      String capitalized = word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
      pieces.putIfAbsent(SPACE + capitalized, wordScore(rank) + CAPITALIZATION);
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
    List<Map<String, Object>> added = new ArrayList<>();
    for (int id = 0; id < SPECIAL.size(); id++) {
      added.add(
          ordered(
              "id", id,
              "content", SPECIAL.get(id),
              "single_word", false,
              "lstrip", false,
              "rstrip", false,
              "normalized", false,
              "special", true));
    }
    List<List<Object>> vocabulary = new ArrayList<>();
    vocabulary().forEach((piece, score) -> vocabulary.add(List.of(piece, score)));
    Map<String, Object> root =
        ordered(
            "version", "1.0",
            "added_tokens", added,
            "normalizer",
                ordered(
                    "type",
                    "Sequence",
                    "normalizers",
                    List.of(
                        ordered("type", "NFKC"),
                        ordered(
                            "type", "Replace",
                            "pattern", ordered("Regex", " {2,}"),
                            "content", " "))),
            "pre_tokenizer", metaspace(),
            "post_processor", endOfText(),
            "decoder",
                ordered(
                    "type",
                    "Sequence",
                    "decoders",
                    List.of(ordered("type", "ByteFallback"), metaspace())),
            "model",
                ordered(
                    "type",
                    "Unigram",
                    "unk_id",
                    UNKNOWN,
                    "vocab",
                    vocabulary,
                    "byte_fallback",
                    true));
    return JsonMapper.shared().writeValueAsBytes(root);
  }

  private static Map<String, Object> metaspace() {
    return ordered(
        "type", "Metaspace", "replacement", SPACE, "prepend_scheme", "always", "split", true);
  }

  private static Map<String, Object> endOfText() {
    String end = SPECIAL.get(END);
    return ordered(
        "type", "TemplateProcessing",
        "single",
            List.of(
                ordered("Sequence", ordered("id", "A", "type_id", 0)),
                ordered("SpecialToken", ordered("id", end, "type_id", 0))),
        "pair", List.of(),
        "special_tokens",
            ordered(end, ordered("id", end, "ids", List.of(END), "tokens", List.of(end))));
  }

  /** A JSON object that keeps the order of its fields, given as name, value, name, value... */
  private static Map<String, Object> ordered(Object... fields) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      map.put((String) fields[i], fields[i + 1]);
    }
    return map;
  }
}
