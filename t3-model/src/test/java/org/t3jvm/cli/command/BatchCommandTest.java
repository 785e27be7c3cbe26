package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.batch.BatchManifest;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.video.VideoTags;

/** Batches on the embedded model at its smallest. */
class BatchCommandTest {
  private static final List<String> SMALLEST =
      List.of(
          "--height",
          "16",
          "--width",
          "32",
          "--frames",
          "1",
          "--steps",
          "1",
          "--cfg",
          "1",
          "--attention",
          "full",
          "--threads",
          "1");

  @TempDir Path dir;

  private record Result(int status, String err) {}

  private static Result t3(List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    return new Result(status, err.toString());
  }

  private List<String> args(Path prompts, String... more) {
    List<String> args =
        new ArrayList<>(List.of("batch", prompts.toString(), "--out", dir.resolve("out") + ""));
    args.addAll(SMALLEST);
    args.addAll(List.of(more));
    return args;
  }

  private Path text(int prompts) throws IOException {
    return Files.write(
        dir.resolve("tiny.txt"),
        IntStream.range(0, prompts).mapToObj(i -> "prompt number " + i).toList());
  }

  private Path video(int index) {
    return dir.resolve("out/tiny/16_32_1_%d.mp4".formatted(index));
  }

  private List<BatchManifest.Entry> manifest() throws IOException {
    return new BatchManifest(dir.resolve("out/tiny/manifest.jsonl")).read();
  }

  @Test
  void namesAreUpstreamsAndARangeIsMade() throws IOException {
    Path prompts =
        Files.writeString(
            dir.resolve("tiny.json"),
            """
            [{"data_file": "", "prompt_en": "a"}, {"data_file": "", "prompt_en": "b"},
             {"data_file": "", "prompt_en": "c"}, {"data_file": "", "prompt_en": "d"}]
            """);
    Result result = t3(args(prompts, "--start", "1", "--num-groups", "2", "--seed", "3"));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("[2 of 2]", "2 made, 0 skipped, 0 of other prompts, 0 failed");
    assertThat(video(0)).doesNotExist();
    assertThat(VideoTags.read(video(1))).containsEntry("title", "b");
    assertThat(VideoTags.read(video(2))).containsEntry("title", "c");
    assertThat(video(3)).doesNotExist();
    assertThat(manifest()).extracting(BatchManifest.Entry::index).containsExactly(1, 2);
    assertThat(manifest()).extracting(entry -> entry.job().sampling().seed()).containsOnly(3L);
  }

  @Test
  void videosOfABatchAreThoseOfGenerate() throws IOException {
    assertThat(t3(args(text(2))).status()).isZero();
    List<String> alone =
        new ArrayList<>(List.of("generate", "--prompt", "prompt number 1", "--quiet"));
    alone.addAll(SMALLEST);
    alone.addAll(List.of("--out", dir.resolve("alone.mp4") + ""));
    assertThat(t3(alone).status()).isZero();
    assertThat(video(1)).hasSameBinaryContentAs(dir.resolve("alone.mp4"));
  }

  @Test
  void promptsHaveSizesOfTheirOwn() throws IOException {
    Path prompts =
        Files.writeString(dir.resolve("tiny.csv"), "prompt,size,frames\na,48x32,\nb,,5\n");
    Result result = t3(args(prompts));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(dir.resolve("out/tiny/32_48_1_0.mp4")).isRegularFile();
    assertThat(dir.resolve("out/tiny/16_32_5_1.mp4")).isRegularFile();
    assertThat(t3(args(prompts)).err()).contains("0 made, 2 skipped");
  }

  @Test
  void aFailureIsListedAndTheRestIsMade() throws IOException {
    Files.createDirectories(video(1));
    Files.writeString(video(1).resolve("mine.txt"), "kept");
    Result result = t3(args(text(3), "--quiet"));
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().strip().lines()).as("one line: %s", result.err()).hasSize(1);
    assertThat(result.err()).contains("16_32_1_1.mp4", "mine.txt");
    assertThat(video(0)).isRegularFile();
    assertThat(video(2)).isRegularFile();
    assertThat(video(1).resolve("mine.txt")).hasContent("kept");
    assertThat(manifest().get(1).error()).contains("mine.txt");
    assertThat(manifest()).extracting(BatchManifest.Entry::error).containsNull();
  }

  @Test
  void otherSettingsAreToldAndNothingIsMadeAgain() throws IOException {
    assertThat(t3(args(text(1))).status()).isZero();
    byte[] before = Files.readAllBytes(video(0));
    Result again = t3(args(text(1), "--seed", "9"));
    assertThat(again.err())
        .contains("made with other settings", "0 made, 1 skipped, 0 of other prompts, 0 failed");
    assertThat(again.status()).isZero();
    assertThat(video(0)).hasBinaryContent(before);
    assertThat(t3(args(text(1))).err())
        .contains("is there already")
        .doesNotContain("other settings");
  }

  @Test
  void aVideoOfAnotherPromptIsNamedAndCounted() throws IOException {
    assertThat(t3(args(text(2))).status()).isZero();
    byte[] before = Files.readAllBytes(video(1));
    Path edited = Files.writeString(dir.resolve("tiny.txt"), "prompt number 0\nan edited one");
    Result again = t3(args(edited));
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err())
        .contains("16_32_1_1.mp4 is of another prompt, 'prompt number 1'", "'an edited one'")
        .contains("0 made, 1 skipped, 1 of other prompts, 0 failed");
    assertThat(t3(args(edited, "--quiet")).err().strip().lines()).hasSize(1);
    assertThat(video(1)).hasBinaryContent(before);
    assertThat(manifest().getLast().error()).contains("is of another prompt");
    Files.delete(video(1));
    assertThat(t3(args(edited)).status()).isZero();
    assertThat(VideoTags.read(video(1))).containsEntry("title", "an edited one");
  }

  @Test
  void twoFilesOfOneStemDoNotShareAFolder() throws IOException {
    assertThat(t3(args(text(1))).status()).isZero();
    Path other = Files.writeString(dir.resolve("tiny.jsonl"), "{\"prompt\": \"prompt number 0\"}");
    Result refused = t3(args(other));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("holds the videos of tiny.txt", "--out", "tiny.jsonl");
    assertThat(manifest()).hasSize(1);
  }

  @Test
  void wrongUsageMakesNothing() throws IOException {
    Result shift = t3(args(text(1), "--shift", "0"));
    assertThat(shift.err()).contains("--shift is 0");
    assertThat(shift.status()).isEqualTo(2);
    Result range = t3(args(text(1), "--start", "1"));
    assertThat(range.err()).contains("--start is 1, must be from 0 to 0");
    assertThat(range.status()).isEqualTo(2);
    Result missing = t3(args(dir.resolve("none.json")));
    assertThat(missing.err()).contains("none.json' does not exist");
    assertThat(missing.status()).isEqualTo(1);
  }

  @Test
  void aKilledBatchGoesOnWhereItWas() throws Exception {
    int count = 8;
    Path prompts = text(count);
    Process child = child(args(prompts));
    try (BufferedReader err = child.errorReader(StandardCharsets.UTF_8)) {
      Stream<String> lines = err.lines().takeWhile(line -> !line.startsWith("[4 of 8]"));
      assertThat(lines.toList()).as("notes of the child").anyMatch(l -> l.startsWith("[3 of 8]"));
      assertThat(child.destroyForcibly().waitFor()).as("killed").isNotZero();
    } finally {
      child.destroyForcibly();
    }
    Files.writeString(dir.resolve("out/tiny/.16_32_1_5.mp4.12ab.part"), "half");
    Files.writeString(dir.resolve("out/tiny/.16_32_1_99.mp4.12ab.part"), "another run's");
    Map<Path, BasicFileAttributes> before = new HashMap<>();
    for (int i = 0; i < count; i++) {
      if (Files.exists(video(i))) {
        before.put(video(i), attributes(video(i)));
      }
    }
    assertThat(before.size()).as("videos made before the kill").isBetween(3, count - 1);
    Result result = t3(args(prompts));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("%d made, %d skipped".formatted(count - before.size(), before.size()));
    for (Map.Entry<Path, BasicFileAttributes> made : before.entrySet()) {
      assertThat(attributes(made.getKey()).fileKey()).isEqualTo(made.getValue().fileKey());
      assertThat(attributes(made.getKey()).lastModifiedTime())
          .isEqualTo(made.getValue().lastModifiedTime());
    }
    for (int i = 0; i < count; i++) {
      assertThat(VideoTags.read(video(i))).containsEntry(VideoRecord.TITLE, "prompt number " + i);
    }
    assertThat(manifest())
        .extracting(BatchManifest.Entry::index)
        .containsExactlyInAnyOrder(IntStream.range(0, count).boxed().toArray(Integer[]::new));
    try (Stream<Path> files = Files.list(dir.resolve("out/tiny"))) {
      assertThat(files).as("videos, manifest and the other run's file").hasSize(count + 2);
    }
  }

  private static BasicFileAttributes attributes(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class);
  }

  private Process child(List<String> args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(args);
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }
}
