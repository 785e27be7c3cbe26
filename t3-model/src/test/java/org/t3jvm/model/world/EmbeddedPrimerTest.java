package org.t3jvm.model.world;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.ChildT3;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.video.FrameSource;
import org.t3jvm.model.video.VideoReaders;

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
    "a red ball rolls over green grass, RED, BALL, GRASS, RIGHT|LEFT",
    "the orange square falls in the snow, ORANGE, SQUARE, SNOW, FALLS",
    "a pink star stays still in the sky, PINK, STAR, SKY, STAYS",
    "a purple ring grows on the water, PURPLE, RING, WATER, GROWS"
  })
  void videosShowWhatTheirPromptsSay(
      String prompt, Colour colour, Figure figure, Ground ground, String motions) throws Exception {
    generate(prompt, 0);
    Reading reading = ClipDetector.read(frames());
    assertThat(reading.ground()).as(prompt).isEqualTo(ground);
    assertThat(reading.object())
        .as(prompt)
        .hasValueSatisfying(
            object -> {
              assertThat(object.colour()).as("%s: %s", prompt, object).isEqualTo(colour);
              assertThat(object.figure()).as("%s: %s", prompt, object).isEqualTo(figure);
              assertThat(motions.split("\\|", -1)).contains(object.motion().name());
            });
  }

  private List<RgbImage> frames() throws IOException {
    List<RgbImage> frames = new ArrayList<>();
    try (FrameSource source = VideoReaders.open(dir.resolve("clip"))) {
      for (RgbImage frame = source.next(); frame != null; frame = source.next()) {
        frames.add(frame);
      }
    }
    return frames;
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
