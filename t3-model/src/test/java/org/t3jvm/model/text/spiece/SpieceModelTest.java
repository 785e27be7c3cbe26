package org.t3jvm.model.text.spiece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.model.golden.Fixture;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.text.PromptCleaner;
import org.t3jvm.model.text.Tokenizer;

/** What the golden cases of {@code spiece.model} do not reach. */
class SpieceModelTest {
  private static final Fixture FIXTURE = FixtureSet.bundled().named("tokenizer");
  private static final String ALPHABET = "abcdefghiklmnorstuvwy     ABC.,'-0123\u00e9\u00fc\u4e2d";

  @TempDir Path dir;

  private SpieceModel read(SpieceBuilder builder) throws IOException {
    return SpieceModel.read(Files.write(dir.resolve("tiny.model"), builder.build()));
  }

  /** The same vocabulary from another file, by the other normaliser. */
  @Test
  void randomTextGivesTheIdsOfTokenizerJson() throws IOException {
    long seed = 11;
    Random random = new Random(seed);
    Tokenizer json = Tokenizer.load(FIXTURE.path("/tokenizer.json"));
    Tokenizer spiece = Tokenizer.load(FIXTURE.path("/spiece.model"));
    for (int i = 0; i < 300; i++) {
      String text =
          random
              .ints(random.nextInt(60), 0, ALPHABET.length())
              .mapToObj(at -> ALPHABET.substring(at, at + 1))
              .collect(Collectors.joining());
      String cleaned = PromptCleaner.clean(text);
      assertThat(spiece.encode(cleaned, 512))
          .as("text %d of seed %d: '%s'", i, seed, text)
          .containsExactly(json.encode(cleaned, 512));
    }
  }

  @Test
  void theBestSumWinsAndControlPiecesNeverMatch() throws IOException {
    SpieceModel model =
        read(
            new SpieceBuilder()
                .special()
                .normalizer(3, 0)
                .piece("a", -1, 1)
                .piece("b", -1, 1)
                .piece("ab", -1.5f, 1)
                .piece("aba", -9, 1)
                .piece("bb", -0.1f, 5)
                .piece("<s>", 0, 3));
    assertThat(model.ids("aba")).as("ab + a, not aba").containsExactly(5, 3);
    assertThat(model.ids("bb")).as("an unused piece is not used").containsExactly(4, 4);
    assertThat(model.ids("<s>xy")).as("unknown characters are one").containsExactly(2);
    assertThat(model.ids("xax")).containsExactly(2, 3, 2);
    assertThat(model.ids("  ")).isEmpty();
    assertThat(model.ids("\ud800")).as("half a surrogate pair").containsExactly(2);
  }

  @Test
  void userDefinedPiecesAreTakenWhole() throws IOException {
    SpieceModel model =
        read(
            new SpieceBuilder()
                .special()
                .normalizer(3, 0)
                .piece("<", -2, 1)
                .piece("x", -1, 1)
                .piece(">", -1, 1)
                .piece("<x>", 0, 4));
    assertThat(model.ids("<x>x")).containsExactly(6, 4);
  }

  @Test
  void spacesAreMarkedAndFolded() throws IOException {
    SpieceBuilder builder = new SpieceBuilder().special().piece("a", -1, 1).piece("\u2581", -1, 1);
    assertThat(read(builder).ids("  a  a ")).containsExactly(4, 3, 4, 3);
    assertThat(read(builder).ids("a\u2581 \u2581a \u2581")).containsExactly(4, 3, 4, 4, 4, 3);
    assertThat(read(builder).ids(" \u2581 ")).isEmpty();
    assertThat(read(builder.normalizer(4, 0)).ids("a  a ")).containsExactly(4, 3, 4, 4, 3, 4);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aBrokenFileIsNamedInOneLine(UnaryOperator<byte[]> damage, String reason) throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURE.path("/spiece_bytefallback.model"));
    Path file = Files.write(dir.resolve("broken.model"), damage.apply(whole));
    assertThatThrownBy(() -> SpieceModel.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(file + ": is no readable spiece.model (")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  private static Named<UnaryOperator<byte[]>> damage(String name, UnaryOperator<byte[]> damage) {
    return Named.of(name, damage);
  }

  static Stream<Arguments> broken() {
    SpieceBuilder builder = new SpieceBuilder().special().piece("a", -1, 1);
    return Stream.of(
            List.of(damage("empty", bytes -> new byte[0]), "unknown id is 0"),
            List.of(damage("cut", bytes -> Arrays.copyOf(bytes, bytes.length / 2)), "end"),
            List.of(damage("text", bytes -> "{\"model\": {}}".getBytes(UTF)), "wire type"),
            List.of(
                damage("byte pairs", bytes -> new SpieceBuilder().special().trainer(3, 2).build()),
                "model type is 2"),
            List.of(
                damage("no end", bytes -> new SpieceBuilder().special().trainer(42, 9).build()),
                "end id is 9, there are 3 pieces"),
            List.of(
                damage("no pieces", bytes -> new SpieceBuilder().special().build()),
                "no normal pieces"),
            List.of(
                damage(
                    "twice",
                    bytes -> {
                      SpieceBuilder twice = new SpieceBuilder().special();
                      return twice.piece("a", 0, 1).piece("a", 0, 1).build();
                    }),
                "pieces 3 and 4 are the same"),
            List.of(
                damage("a bad map", bytes -> builder.charsmap((byte) 9, (byte) 0).build()),
                "character map"))
        .map(each -> Arguments.of(each.toArray()));
  }

  private static final Charset UTF = StandardCharsets.UTF_8;

  @Test
  void damageIsRefusedOrHarmless() throws IOException {
    byte[] whole = Files.readAllBytes(FIXTURE.path("/spiece_bytefallback.model"));
    long seed = 5;
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      byte[] damaged = whole.clone();
      for (int n = 0; n < 3; n++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path file = Files.write(dir.resolve("damaged.model"), damaged);
      try {
        assertThat(SpieceModel.read(file).ids("A red fox.")).isNotNull();
      } catch (IOException e) {
        assertThat(e.getMessage()).as("damage %d of seed %d", i, seed).doesNotContain("\n");
      }
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = dir.resolve("spiece.model");
    assertThatThrownBy(() -> SpieceModel.read(missing))
        .isInstanceOf(IOException.class)
        .hasMessage(missing + ": there is no such spiece.model");
  }
}
