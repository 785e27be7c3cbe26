package org.t3jvm.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizer and PromptCleaner against ids that the SentencePiece library gave (SPEC 2). */
class TokenizerTest {
  private static final Path FOLDER = resourceFolder("/fixtures/tok");
  private static final JsonNode EXPECTED =
      JsonMapper.shared().readTree(FOLDER.resolve("spiece_cases.json").toFile());

  private static Tokenizer tokenizer;

  @TempDir Path temp;

  record Case(String text, String cleaned, List<Long> ids) {
    @Override
    public String toString() {
      return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }
  }

  @BeforeAll
  static void load() throws IOException {
    tokenizer = Tokenizer.load(FOLDER.resolve("tokenizer.json"));
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (JsonNode node : EXPECTED.get("cases")) {
      List<Long> ids = node.get("ids_unpadded").valueStream().map(JsonNode::asLong).toList();
      cases.add(new Case(node.get("text").asString(), node.get("cleaned").asString(), ids));
    }
    return cases;
  }

  @Test
  void theFixtureHasItsCases() {
    assertThat(cases()).hasSize(10);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void cleanedTextGivesTheReferenceIds(Case each) {
    assertThat(tokenizer.encode(each.cleaned, maxLength()))
        .containsExactly(each.ids.toArray(Long[]::new));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rawTextGivesTheReferenceIdsAfterCleaning(Case each) {
    assertThat(tokenizer.encode(PromptCleaner.clean(each.text), maxLength()))
        .containsExactly(each.ids.toArray(Long[]::new));
  }

  /**
   * The fixture was made without ftfy, which folds widths and ligatures before the tokenizer does.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void cleaningGivesTheReferenceTextUpToCompatibilityForms(Case each) {
    assertThat(compatible(PromptCleaner.clean(each.text))).isEqualTo(compatible(each.cleaned));
  }

  @Test
  void specialIdsComeFromTheFile() {
    assertThat(tokenizer.padId()).isEqualTo(EXPECTED.get("pad").asLong());
    assertThat(tokenizer.eosId()).isEqualTo(EXPECTED.get("eos").asLong());
    assertThat(tokenizer.unknownId()).isEqualTo(EXPECTED.get("unk").asLong());
  }

  @Test
  void truncationKeepsTheEndId() {
    long[] whole = tokenizer.encode("A red fox walking through snow.", 512);
    assertThat(tokenizer.encode("A red fox walking through snow.", 5))
        .containsExactly(whole[0], whole[1], whole[2], whole[3], tokenizer.eosId());
    assertThat(tokenizer.encode("A red fox", 1)).containsExactly(tokenizer.eosId());
    assertThatThrownBy(() -> tokenizer.encode("x", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1");
  }

  @Test
  void whatIsCutIsNamed() {
    String text = "A red fox walking through snow.";
    int tokens = tokenizer.encode(text, 512).length;
    assertThat(tokenizer.cut(text, tokens)).isEmpty();
    assertThat(tokenizer.cut(text, 5))
        .hasValueSatisfying(
            cut -> {
              assertThat(cut.tokens()).isEqualTo(tokens);
              assertThat(cut.read()).isEqualTo(5);
              assertThat(text).contains(cut.from());
              assertThat(text.substring(0, text.indexOf(cut.from())))
                  .satisfies(kept -> assertThat(tokenizer.encode(kept, 512)).hasSize(5));
            });
  }

  @Test
  void aFilesOwnTruncationAndPaddingDoNotCount() throws IOException {
    String padding =
        """
        "truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0},\
        "padding":{"strategy":{"Fixed":64},"direction":"Right","pad_to_multiple_of":null,\
        "pad_id":0,"pad_type_id":0,"pad_token":"<pad>"}\
        """;
    String json =
        Files.readString(FOLDER.resolve("tokenizer.json"))
            .replaceFirst("\"truncation\":\\s*null,\\s*\"padding\":\\s*null", padding);
    assertThat(json).contains("\"Fixed\":64");
    Path file = Files.writeString(temp.resolve("tokenizer.json"), json);
    Tokenizer padded = Tokenizer.load(file);
    String text = "A red fox walking through snow.";
    assertThat(padded.encode(text, 512)).containsExactly(tokenizer.encode(text, 512));
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = temp.resolve("tokenizer.json");
    assertThatThrownBy(() -> Tokenizer.load(missing))
        .isInstanceOf(IOException.class)
        .hasMessage(missing + ": there is no such tokenizer.json");
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void aBrokenFileIsNamedInOneLine(String content) throws IOException {
    Path broken = Files.writeString(temp.resolve("broken.json"), content);
    assertThatThrownBy(() -> Tokenizer.load(broken))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(broken + ": ")
        .hasMessageNotContaining("\n");
  }

  static List<String> brokenFiles() throws IOException {
    String whole = Files.readString(FOLDER.resolve("tokenizer.json"));
    return List.of(
        "",
        "not json",
        "{}",
        "[1, 2]",
        whole.substring(0, whole.length() / 2),
        whole.replace("\"</s>\"", "\"<end>\""));
  }

  private static int maxLength() {
    return EXPECTED.get("max_length").asInt();
  }

  private static String compatible(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC);
  }

  private static Path resourceFolder(String name) {
    try {
      return Path.of(Objects.requireNonNull(TokenizerTest.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
