package org.t3jvm.model.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Prompt cleaning and token ids (SPEC 2) against those of the SentencePiece library. */
final class TokenizerChecks {
  private static final String CASES = "_cases.json";
  private static final String TOKENIZER = "/tokenizer.json";

  private TokenizerChecks() {}

  static List<GoldenCase> cases(FixtureSet set, Fixture fixture) throws IOException {
    fixture.tolerance().requireExact("ids");
    JsonNode model = read(fixture.path(TOKENIZER)).get("model");
    List<GoldenCase> cases = new ArrayList<>();
    boolean covered = false;
    for (String file : fixture.files()) {
      if (!file.endsWith(CASES)) {
        continue;
      }
      JsonNode listing = read(fixture.folder().resolve(file));
      String spiece = file.substring(0, file.length() - CASES.length()) + ".model";
      add(cases, listing, fixture.folder().resolve(spiece));
      if (describes(listing, model)) {
        covered = true;
        add(cases, listing, fixture.path(TOKENIZER));
      }
    }
    if (!covered) {
      throw new AssertionError("tokenizer: no *" + CASES + " file is of tokenizer.json");
    }
    return cases;
  }

  private static void add(List<GoldenCase> cases, JsonNode listing, Path tokenizer) {
    String file = String.valueOf(tokenizer.getFileName());
    cases.add(new GoldenCase.OnHost(file + " special ids", () -> checkSpecial(tokenizer, listing)));
    int index = 0;
    for (JsonNode each : listing.get("cases")) {
      String name = file + " case " + index++;
      cases.add(new GoldenCase.OnHost(name, () -> check(tokenizer, listing, each)));
    }
  }

  /** True if ids were made with the vocabulary that tokenizer.json holds. */
  private static boolean describes(JsonNode listing, JsonNode model) {
    JsonNode byteFallback = model.get("byte_fallback");
    return listing.get("vocab_size").asInt() == model.get("vocab").size()
        && listing.get("byte_fallback").asBoolean()
            == (byteFallback != null && byteFallback.asBoolean());
  }

  private static void checkSpecial(Path file, JsonNode listing) throws IOException {
    Tokenizer tokenizer = Tokenizer.load(file);
    require("pad", listing.get("pad").asLong(), tokenizer.padId());
    require("eos", listing.get("eos").asLong(), tokenizer.eosId());
    require("unk", listing.get("unk").asLong(), tokenizer.unknownId());
  }

  private static void require(String token, long expected, long actual) {
    if (actual != expected) {
      throw new AssertionError("id of %s is %d, should be %d".formatted(token, actual, expected));
    }
  }

  private static void check(Path file, JsonNode listing, JsonNode each) throws IOException {
    String cleaned = each.get("cleaned").asString();
    long[] expected = each.get("ids_unpadded").valueStream().mapToLong(JsonNode::asLong).toArray();
    long[] ids = Tokenizer.load(file).encode(cleaned, listing.get("max_length").asInt());
    if (!Arrays.equals(ids, expected)) {
      throw new AssertionError(
          "ids of '%s' are %s, should be %s"
              .formatted(cleaned, Arrays.toString(ids), Arrays.toString(expected)));
    }
    String ours = PromptCleaner.clean(each.get("text").asString());
    if (!folded(ours).equals(folded(cleaned))) {
      throw new AssertionError(
          "'%s' is cleaned to '%s', should be '%s'"
              .formatted(each.get("text").asString(), ours, cleaned));
    }
  }

  /** The listing was made without ftfy, so what ftfy alone folds must not count. */
  private static String folded(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC)
        .replaceAll("[\u02bc\u2018-\u201b]", "'")
        .replaceAll("[\u201c-\u201f]", "\"");
  }

  private static JsonNode read(Path file) {
    return JsonMapper.shared().readTree(file.toFile());
  }
}
