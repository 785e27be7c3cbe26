package org.t3jvm.model.text.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.model.golden.FixtureSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ids that Hugging Face's library gave for texts that try its peculiarities, with the fixture's
 * file and changes to it.
 */
class JsonModelTest {
  private static final Path FILE = FixtureSet.bundled().named("tokenizer").path("/tokenizer.json");
  private static final JsonNode EXPECTED = expected();

  @TempDir Path temp;

  private static JsonNode expected() {
    try (InputStream in =
        Objects.requireNonNull(
            JsonModelTest.class.getResourceAsStream("/tokenizer/huggingface.json"))) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<String> variants() {
    return EXPECTED.get("variants").valueStream().map(each -> each.get("name").stringValue());
  }

  private static ObjectNode fixture() {
    return (ObjectNode) JsonMapper.shared().readTree(FILE.toFile());
  }

  private static ObjectNode changed(JsonNode variant) {
    ObjectNode file = fixture();
    ObjectNode model = (ObjectNode) file.get("model");
    String map = file.at("/normalizer/normalizers/0/precompiled_charsmap").stringValue();
    for (String key : variant.get("changes").propertyNames()) {
      JsonNode value =
          JsonMapper.shared()
              .readTree(variant.get("changes").get(key).toString().replace("@charsmap", map));
      if (key.startsWith("model.")) {
        model.set(key.substring(6), value);
      } else {
        file.set(key, value);
      }
    }
    if (variant.get("bytes").booleanValue()) {
      for (int b = 0; b < 256; b++) {
        ((ArrayNode) model.get("vocab")).addArray().add("<0x%02X>".formatted(b)).add(-100.0);
      }
    }
    return file;
  }

  private Path write(JsonNode file) throws IOException {
    return Files.writeString(temp.resolve("tokenizer.json"), file.toString());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void textsGiveTheLibrarysIds(String name) throws IOException {
    JsonNode variant =
        EXPECTED
            .get("variants")
            .valueStream()
            .filter(each -> each.get("name").stringValue().equals(name))
            .findFirst()
            .orElseThrow();
    JsonModel model = JsonModel.read(write(changed(variant)));
    for (int i = 0; i < EXPECTED.get("texts").size(); i++) {
      String text = EXPECTED.get("texts").get(i).stringValue();
      long[] ids = variant.get("ids").get(i).valueStream().mapToLong(JsonNode::asLong).toArray();
      assertThat(model.ids(text)).as("text %d: '%s'", i, text).containsExactly(ids);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "/model/type;\"BPE\";of type 'BPE', only Unigram",
        "/model/unk_id;null;unk_id is -1",
        "/model/unk_id;200;unk_id is 200, there are 200 pieces",
        "/model/vocab;{};no list, as Unigram has",
        "/model/vocab;[[\"a\", null]];entry 0 of its vocabulary",
        "/model/vocab;[[\"a\", 1e999]];entry 0 of its vocabulary",
        "/model/byte_fallback;true;pieces of 0 bytes",
        "/normalizer;{\"type\":\"Lowercase\"};step 'Lowercase'",
        "/normalizer;{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"BAAAAP///38AAAAA=\"};Base64",
        "/normalizer;{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"CQAAAA==\"};map is cut"
            + " off",
        "/normalizer;{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aaaa\"};other"
            + " than runs",
        "/pre_tokenizer;{\"type\":\"FixedLength\",\"length\":0};'FixedLength'",
        "/pre_tokenizer;{\"type\":\"Split\",\"pattern\":{\"Regex\":\"(a|aa)+$\"}};'Split'",
        "/added_tokens;[];no special token </s>"
      })
  void whatCannotBeReadIsNamedInOneLine(String pointer, String value, String reason)
      throws IOException {
    ObjectNode file = fixture();
    int slash = pointer.lastIndexOf('/');
    ((ObjectNode) file.at(pointer.substring(0, slash)))
        .set(pointer.substring(slash + 1), JsonMapper.shared().readTree(value));
    Path path = write(file);
    assertThatThrownBy(() -> JsonModel.read(path))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(path + ": is not a readable tokenizer.json (")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aMapWhoseTrieLeadsNowhereIsHarmless() throws IOException {
    ObjectNode file = fixture();
    file.putObject("normalizer")
        .put("type", "Precompiled")
        .put("precompiled_charsmap", "BAAAAP///38AAAAA");
    assertThat(JsonModel.read(write(file)).ids("A red fox")).isNotEmpty();
  }

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(FILE);
    String text = "A red fox walking </s> through   snow. \ufb01\u00e9 \u4e2d " + "a!".repeat(200);
    for (int seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] =
            (byte) (random.nextBoolean() ? random.nextInt() : 32 + random.nextInt(96));
      }
      Path path = Files.write(temp.resolve("damaged.json"), damaged);
      int number = seed;
      Assertions.assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () -> {
            try {
              assertThat(JsonModel.read(path).ids(text)).as("seed %d", number).isNotNull();
            } catch (IOException e) {
              assertThat(e)
                  .as("seed %d", number)
                  .message()
                  .startsWith(path + ": ")
                  .doesNotContain("\n");
            }
          });
    }
  }
}
