package org.t3jvm.model.world;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.ChildT3;

/** What {@code t3} shows without a model, as the detector reads it. */
@Tag("process")
class EmbeddedPrimerTest {
  /** A prompt and what its video must show. */
  private record Expected(String prompt, Combination shown) {
    Expected(String prompt, Colour colour, Figure figure, Ground ground, Motion motion) {
      this(prompt, new Combination(colour, figure, ground, motion));
    }
  }

  private static final Expected OF_THE_README =
      new Expected(
          "a red ball rolls over green grass", Colour.RED, Figure.BALL, Ground.GRASS, Motion.RIGHT);

  private static final List<Expected> OTHERS =
      List.of(
          new Expected(
              "the orange square falls in the snow",
              Colour.ORANGE,
              Figure.SQUARE,
              Ground.SNOW,
              Motion.FALLS),
          new Expected(
              "a pink star stays still in the sky",
              Colour.PINK,
              Figure.STAR,
              Ground.SKY,
              Motion.STAYS),
          new Expected(
              "a purple ring grows on the water",
              Colour.PURPLE,
              Figure.RING,
              Ground.WATER,
              Motion.GROWS),
          new Expected(
              "the blue star falls in the snow",
              Colour.BLUE,
              Figure.STAR,
              Ground.SNOW,
              Motion.FALLS),
          new Expected(
              "a white square stays still on the sand",
              Colour.WHITE,
              Figure.SQUARE,
              Ground.SAND,
              Motion.STAYS),
          new Expected(
              "a yellow triangle rolls to the left in the night",
              Colour.YELLOW,
              Figure.TRIANGLE,
              Ground.NIGHT,
              Motion.LEFT));

  @TempDir Path dir;

  private String t3(int status, String... words) throws Exception {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--quiet", "--out", dir + "/out/"));
    ProcessBuilder run = new ProcessBuilder(ChildT3.command(all));
    run.environment().remove("T3_EMBEDDED");
    run.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = run.start();
    String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(err).isEqualTo(status);
    return err;
  }

  private static void assertShows(Expected expected, Path video) throws Exception {
    Reading reading = ClipDetector.read(video);
    assertThat(reading.shows(expected.shown())).as("%s: %s", expected.prompt(), reading).isTrue();
  }

  @Test
  void theCommandOfTheReadmeShowsWhatItSays() throws Exception {
    t3(0, "generate", "--prompt", OF_THE_README.prompt());
    assertShows(OF_THE_README, dir.resolve("out"));
  }

  @Test
  void videosOfABatchShowWhatTheirPromptsSay() throws Exception {
    Path prompts = dir.resolve("prompts.txt");
    Files.write(prompts, OTHERS.stream().map(Expected::prompt).toList());
    t3(0, "batch", prompts.toString());
    for (int i = 0; i < OTHERS.size(); i++) {
      assertShows(OTHERS.get(i), dir.resolve("out/prompts/144_256_21_%d.mp4".formatted(i)));
    }
  }

  @Test
  void withT3WindowsAVideoShowsWhatItsPromptSays() throws Exception {
    Expected expected =
        new Expected(
            "the red ball rolls right in the blue sky",
            Colour.RED,
            Figure.BALL,
            Ground.SKY,
            Motion.RIGHT);
    Path windows = Path.of("../models/primer/t3.safetensors");
    t3(0, "generate", "--prompt", expected.prompt(), "--t3", windows.toString());
    assertShows(expected, dir.resolve("out"));
  }

  @Test
  void otherWordsAreRefusedWithThoseThatItKnows() throws Exception {
    assertThat(t3(1, "generate", "--prompt", "a red fox rolls over green grass").lines().toList())
        .filteredOn(line -> line.startsWith("t3:"))
        .singleElement()
        .asString()
        .startsWith("t3: prompt: the model does not know 'fox'; its words are: a against an and ");
  }
}
