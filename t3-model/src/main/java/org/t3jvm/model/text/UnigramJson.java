package org.t3jvm.model.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes a unigram tokenizer in the form of UMT5's {@code tokenizer.json} (SPEC 2). */
public final class UnigramJson {
  /** What stands for a space before a word. */
  public static final String SPACE = "\u2581";

  /** Pieces of every vocabulary, with the first ids. */
  public static final List<String> SPECIAL = List.of("<pad>", "</s>", "<s>", "<unk>");

  private static final int END = 1;
  private static final int UNKNOWN = 3;

  private UnigramJson() {}

  /**
   * The whole file.
   *
   * @param pieces with their scores, in the order of the ids; {@link #SPECIAL} first
   * @param byteFallback whether pieces {@code <0x00>} to {@code <0xFF>} stand for what is unknown
   */
  public static byte[] of(Map<String, Double> pieces, boolean byteFallback) {
    List<List<Object>> vocabulary = new ArrayList<>();
    pieces.forEach((piece, score) -> vocabulary.add(List.of(piece, score)));
    Map<String, Object> root =
        ordered(
            "version", "1.0",
            "added_tokens", special(),
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
                    byteFallback));
    return JsonMapper.shared().writeValueAsBytes(root);
  }

  private static List<Map<String, Object>> special() {
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
    return added;
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
