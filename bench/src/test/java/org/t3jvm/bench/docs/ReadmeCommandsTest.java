package org.t3jvm.bench.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command of the README is run by a step of {@code .ci/run} or by a test. */
class ReadmeCommandsTest {
  private static final int MOST_LINES = 150;
  private static final Path README = ProjectFiles.ROOT.resolve("README.md");
  private static final Pattern LINE = Pattern.compile("(?m)^(?:\\./t3|mvn) .*$");
  private static final Pattern INLINE =
      Pattern.compile("`((?:\\./t3|mvn|eval \"\\$\\(\\./t3) [^`]+)`");

  /** The title of a step, or a test that runs the command with a model of the tests. */
  private static final Map<String, String> RUN_BY =
      Map.ofEntries(
          Map.entry(
              "./t3 generate --prompt \"a red ball rolls over green grass\" --out" + " ball.mp4",
              "t3 generate, to MP4"),
          Map.entry("mvn -B verify", "mvn -B verify"),
          Map.entry("mvn -Ddist package", "mvn -Ddist install"),
          Map.entry("mvn install", "mvn -Ddist install"),
          Map.entry("eval \"$(./t3 completion bash)\"", "CompletionCommandTest"),
          Map.entry("./t3 pull Wan-AI/Wan2.1-T2V-1.3B", "PullCommandTest"),
          Map.entry(
              "./t3 generate --model Wan2.1-T2V-1.3B --height 480 --width 832 --prompt \"a red fox"
                  + " in the snow\" --out fox.mp4",
              "CommandLineTest"),
          Map.entry(
              "./t3 generate --model Wan2.1-T2V-1.3B --t3 T3-Video-1.3B.safetensors --prompt \"a"
                  + " red fox in the snow\" --out fox4k.mp4",
              "TrainCommandTest"),
          Map.entry(
              "./t3 plan --model Wan2.1-T2V-1.3B --height 480 --width 832", "CommandLineTest"),
          Map.entry("./t3 plan", "CommandLineTest"),
          Map.entry("./t3 resume fox.mp4.t3state", "ResumeCommandTest"),
          Map.entry("./t3 inspect fox.mp4", "VaeOptionsTest"),
          Map.entry("./t3 serve --model Wan2.1-T2V-1.3B", "t3 serve: it answers"));

  private static Set<String> commands() throws IOException {
    String text = Files.readString(README);
    return Stream.concat(
            LINE.matcher(text).results().map(MatchResult::group),
            INLINE.matcher(text).results().map(found -> found.group(1)))
        .collect(Collectors.toSet());
  }

  @Test
  void everyCommandIsRunSomewhere() throws IOException {
    assertThat(commands()).isEqualTo(RUN_BY.keySet());
  }

  @Test
  void whatRunsThemIsThere() throws IOException {
    String steps = Files.readString(ProjectFiles.ROOT.resolve(".ci/run"));
    Map<String, String> missing = new LinkedHashMap<>(RUN_BY);
    missing.values().removeIf(place -> steps.contains("step \"" + place));
    try (Stream<Path> sources =
        Files.walk(ProjectFiles.ROOT.resolve("t3-model/src/test/java/org/t3jvm/cli"))) {
      Set<String> tests =
          sources.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
      missing.values().removeIf(place -> tests.contains(place + ".java"));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(MOST_LINES);
  }
}
