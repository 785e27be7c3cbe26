package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.cli.option.OutputName;
import org.t3jvm.model.video.VideoTags;

/**
 * What is there already is never replaced without a word, and a prompt is the one that is meant.
 */
class ExistingOutputsTest {
  private static final List<String> SMALLEST =
      List.of(
          "--height=16",
          "--width=32",
          "--frames=1",
          "--steps=1",
          "--cfg=1",
          "--attention=full",
          "--threads=1",
          "--text-cache=off");

  @TempDir Path dir;

  private record Result(int status, String err) {}

  private static Result t3(List<String> args) {
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(String[]::new));
    return new Result(status, err.toString());
  }

  private Result generate(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--out", dir + "/" + out));
    args.addAll(SMALLEST);
    args.addAll(List.of(more));
    return t3(args);
  }

  private void ok(Result result) {
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void aVideoIsReplacedOnlyByForce() throws IOException {
    Path video = Files.writeString(dir.resolve("a.mp4"), "mine");
    Result refused = generate("a.mp4", "--prompt", "a");
    assertThat(refused.err())
        .isEqualTo("t3: '%s' exists; give another --out or --force\n".formatted(video));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(video).hasContent("mine");
    ok(generate("a.mp4", "--prompt", "a", "--force"));
    assertThat(VideoTags.read(video)).containsEntry("title", "a");
  }

  @Test
  void framesAreReplacedOnlyByForce() throws IOException {
    Files.createDirectory(dir.resolve("frames"));
    ok(generate("frames/", "--prompt", "a"));
    byte[] before = Files.readAllBytes(dir.resolve("frames/settings.json"));
    Result refused = generate("frames/", "--prompt", "b");
    assertThat(refused.err()).contains("holds frames; give another --out or --force");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(dir.resolve("frames/settings.json")).hasBinaryContent(before);
    ok(generate("frames/", "--prompt", "b", "--force"));
    assertThat(Files.readString(dir.resolve("frames/settings.json"))).contains("\"prompt\":\"b\"");
  }

  @Test
  void decodeAndResumeReplaceNothingEither() throws IOException {
    ok(generate("a.mp4", "--prompt", "a", "--keep-state"));
    Path state = dir.resolve("a.mp4.t3state");
    Path other = Files.writeString(dir.resolve("other.mp4"), "mine");
    assertThat(t3(List.of("decode", state.toString())).err()).contains("a.mp4' exists");
    for (String command : List.of("decode", "resume")) {
      Result refused = t3(List.of(command, state.toString(), "--out", other.toString()));
      assertThat(refused.err()).as(command).contains("other.mp4' exists");
      assertThat(refused.status()).as(command).isEqualTo(2);
    }
    assertThat(other).hasContent("mine");
    ok(t3(List.of("decode", state.toString(), "--out", other.toString(), "--force")));
    assertThat(other).hasSameBinaryContentAs(dir.resolve("a.mp4"));
  }

  @Test
  void picturesOfPreviewsAreReplacedOnlyByForce() throws IOException {
    Path sheet = Files.writeString(dir.resolve("a.png"), "mine");
    String[] sweep = {"--prompt", "a", "--preview-only", "--sweep", "seed=0..1"};
    assertThat(generate("a.mp4", sweep).err()).contains("a.png' exists");
    assertThat(sheet).hasContent("mine");
  }

  @Test
  void anOutputOfNoKindIsRefusedBeforeTheModelIsRead() {
    Result refused = generate("a.avi", "--prompt", "a", "--model", dir.resolve("none").toString());
    assertThat(refused.err()).contains("a.avi: the name must end with .mp4");
    assertThat(refused.status()).isEqualTo(2);
  }

  @Test
  void aStateIsFoundByTheNameOfItsOutput() throws IOException {
    ok(generate("a.mp4", "--prompt", "a", "--keep-state"));
    byte[] video = Files.readAllBytes(dir.resolve("a.mp4"));
    Files.delete(dir.resolve("a.mp4"));
    ok(t3(List.of("resume", dir.resolve("a.mp4").toString())));
    assertThat(dir.resolve("a.mp4")).hasBinaryContent(video);
  }

  @Test
  void aFreeNameIsOfPromptAndSeed() throws IOException {
    String prompt = "A red ball, rolling!";
    assertThat(OutputName.free(dir, prompt, 7)).hasFileName("a-red-ball-rolling-7.mp4");
    Files.createFile(dir.resolve("a-red-ball-rolling-7.mp4"));
    Files.createDirectory(dir.resolve("a-red-ball-rolling-7-2.mp4.t3state"));
    assertThat(OutputName.free(dir, prompt, 7)).hasFileName("a-red-ball-rolling-7-3.mp4");
    assertThat(OutputName.free(dir, "一只狐狸", 0)).hasFileName("一只狐狸-0.mp4");
    assertThat(OutputName.free(dir, "../?", 0)).hasFileName("video-0.mp4");
    assertThat(OutputName.free(dir, "狐".repeat(900), 0)).hasFileName("狐".repeat(40) + "-0.mp4");
  }

  @Test
  void promptsComeFromFilesAndTheStandardInput() throws IOException {
    Path file = Files.writeString(dir.resolve("prompt.txt"), "\ufeffa red fox\nin the snow\n");
    ok(generate("a.mp4", "--prompt-file", file.toString()));
    assertThat(VideoTags.read(dir.resolve("a.mp4")))
        .containsEntry("title", "a red fox\nin the snow");
    InputStream in = System.in;
    try {
      System.setIn(new ByteArrayInputStream("一只狐狸\n".getBytes(StandardCharsets.UTF_8)));
      ok(generate("b.mp4", "--prompt-file", "-"));
    } finally {
      System.setIn(in);
    }
    assertThat(VideoTags.read(dir.resolve("b.mp4"))).containsEntry("title", "一只狐狸");
    Files.write(file, new byte[] {'a', (byte) 0xff});
    assertThat(generate("c.mp4", "--prompt-file", file.toString()).err())
        .contains("is not UTF-8 text");
  }

  @Test
  void aPromptIsGivenOnceAndNeverADash() {
    assertThat(generate("a.mp4").err()).contains("--prompt TEXT is missing");
    assertThat(generate("a.mp4", "--prompt", "a", "--prompt-file", "b").err()).contains("exclude");
    assertThat(generate("a.mp4", "--prompt", "-").err()).contains("--prompt-file - reads");
    assertThat(generate("a.mp4", "--prompt", "-").status()).isEqualTo(2);
    Result empty = generate("a.mp4", "--prompt", " ");
    assertThat(empty.err()).contains("the prompt is empty: the model reads 1 token");
    ok(empty);
  }

  @Test
  void aRandomSeedIsDrawnAndPrinted() {
    Result random = generate("a.mp4", "--prompt", "a", "--seed", "random");
    Result again = generate("b.mp4", "--prompt", "a", "--seed", "-1");
    ok(random);
    ok(again);
    String seed = "(?s).*, seed (\\d+), .*";
    assertThat(random.err()).matches(seed).doesNotContain("seed -1");
    assertThat(random.err().replaceFirst(seed, "$1"))
        .isNotEqualTo(again.err().replaceFirst(seed, "$1"));
    assertThat(generate("c.mp4", "--prompt", "a", "--seed", "x").err()).contains("'x' is no seed");
  }

  @Test
  void aFolderThatTakesNoStateIsSaid() {
    assumeTrue(Files.isDirectory(Path.of("/proc")), "there is no /proc");
    List<String> args =
        new ArrayList<>(List.of("generate", "--prompt", "a", "--out", "/proc/a.mp4"));
    args.addAll(SMALLEST);
    Result result = t3(args);
    assertThat(result.err()).contains("/proc takes no new folder");
    assertThat(result.status()).isEqualTo(1);
  }
}
