package org.t3jvm.model.world;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.ChildT3;

/** What {@code t3 generate} shows without a model, as the detector reads it. */
@Tag("process")
class EmbeddedPrimerTest {
  @TempDir Path dir;

  private String generate(String prompt, int status) throws Exception {
    ProcessBuilder run =
        new ProcessBuilder(
            ChildT3.command(
                List.of("generate", "--prompt", prompt, "--quiet", "--out", dir + "/clip/")));
    run.environment().remove("T3_EMBEDDED");
    run.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = run.start();
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(err).isEqualTo(status);
    return err;
  }

  @ParameterizedTest
  @CsvSource({
    "a red ball rolls to the right over green grass, RED, BALL, GRASS, RIGHT",
    "the orange square falls in the snow, ORANGE, SQUARE, SNOW, FALLS",
    "a pink star stays still in the sky, PINK, STAR, SKY, STAYS",
    "a purple ring grows on the water, PURPLE, RING, WATER, GROWS"
  })
  void videosShowWhatTheirPromptsSay(
      String prompt, Colour colour, Figure figure, Ground ground, Motion motion) throws Exception {
    generate(prompt, 0);
    Reading reading = ClipDetector.read(dir.resolve("clip"));
    assertThat(reading.ground()).as(prompt).isEqualTo(ground);
    assertThat(reading.object())
        .as(prompt)
        .hasValueSatisfying(
            object -> {
              assertThat(object.colour()).as("%s: %s", prompt, object).isEqualTo(colour);
              assertThat(object.figure()).as("%s: %s", prompt, object).isEqualTo(figure);
              assertThat(object.motion()).as("%s: %s", prompt, object).isEqualTo(motion);
            });
  }

  /** Shapes are not right in all videos; these show another one. */
  @ParameterizedTest
  @CsvSource({
    "the blue star falls in the snow, BLUE, SNOW",
    "a red ball rolls over green grass, RED, GRASS",
    "a white square stays still on the sand, WHITE, SAND"
  })
  void promptsGiveTheirColourAndGround(String prompt, Colour colour, Ground ground)
      throws Exception {
    generate(prompt, 0);
    Reading reading = ClipDetector.read(dir.resolve("clip"));
    assertThat(reading.object().map(Combination::colour)).as(prompt).contains(colour);
    assertThat(reading.ground()).as(prompt).isEqualTo(ground);
  }

  @Test
  void otherWordsAreRefusedWithThoseThatItKnows() throws Exception {
    assertThat(generate("a red fox rolls over green grass", 1).lines().toList())
        .filteredOn(line -> line.startsWith("t3:"))
        .singleElement()
        .asString()
        .startsWith("t3: prompt: the model does not know 'fox'; its words are: a against an and ");
  }
}
