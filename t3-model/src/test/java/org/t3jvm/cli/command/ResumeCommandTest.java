package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.fit.MemoryBudget;

/** {@code t3 resume} and {@code t3 decode} as a user runs them, in this process. */
class ResumeCommandTest {
  private static final String VAE = "Wan2.1_VAE.pth";

  @TempDir Path dir;
  private Path model = Path.of("");

  private record Result(int status, String err) {
    void ok() {
      assertThat(status).as(err).isZero();
    }

    String line() {
      assertThat(err.strip().lines()).as("one line of error, got: %s", err).hasSize(1);
      return err.strip();
    }
  }

  private static Result t3(String... args) {
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), args);
    return new Result(status, err.toString());
  }

  @BeforeEach
  void copyEmbeddedModel() throws IOException {
    model = Files.createDirectory(dir.resolve("model"));
    try (EmbeddedModel embedded = EmbeddedModel.open();
        Stream<Path> files = Files.walk(embedded.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = model.resolve(embedded.folder().relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private Path video(String name) {
    return dir.resolve(name);
  }

  private String state(String name) {
    return dir.resolve(name + ".t3state").toString();
  }

  private Result generate(String out, String... more) {
    List<String> args =
        new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball", "--steps", "2"));
    args.addAll(List.of("--height", "32", "--width", "48", "--frames", "9", "--attention", "full"));
    args.addAll(List.of("--threads", "1", "--model", model.toString()));
    args.addAll(List.of("--out", dir.resolve(out) + (out.endsWith("/") ? "/" : "")));
    args.addAll(List.of(more));
    return t3(args.toArray(String[]::new));
  }

  @Test
  void aFinishedRunLeavesNothingUnlessAsked() throws IOException {
    generate("a.mp4").ok();
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).containsExactlyInAnyOrder(model, video("a.mp4"));
    }
    generate("b.mp4", "--keep-state").ok();
    assertThat(video("b.mp4")).hasSameBinaryContentAs(video("a.mp4"));
    assertThat(Path.of(state("b.mp4"))).isDirectory();
  }

  @Test
  void resumeGivesTheSameVideoAndKeepsWhatWasAskedFor() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    byte[] whole = Files.readAllBytes(video("a.mp4"));
    Files.delete(video("a.mp4"));
    Result result = t3("resume", state("a.mp4"), "--threads", "2");
    result.ok();
    assertThat(result.err()).contains("resuming at all 2 steps done", "wrote " + video("a.mp4"));
    assertThat(video("a.mp4")).hasBinaryContent(whole);
    assertThat(Path.of(state("a.mp4"))).as("--keep-state of the first process").isDirectory();
    t3("resume", state("a.mp4"), "--quiet", "--out", video("other.mp4").toString()).ok();
    assertThat(video("other.mp4")).hasBinaryContent(whole);
  }

  @Test
  void theNameOfTheVideoFindsItsState() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    byte[] whole = Files.readAllBytes(video("a.mp4"));
    Files.delete(video("a.mp4"));
    t3("resume", video("a.mp4").toString(), "--quiet").ok();
    assertThat(video("a.mp4")).hasBinaryContent(whole);
  }

  @Test
  void aFolderWithALockAloneIsToBeRunAgain() throws IOException {
    Files.createFile(Files.createDirectory(Path.of(state("a.mp4"))).resolve("lock"));
    assertThat(t3("resume", state("a.mp4")).line())
        .contains("no step of a run is kept", "begin the video anew");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatTakesNoFilesIsNamed() {
    assertThat(generate("../../../../../../../../proc/x.mp4").line())
        .contains("/proc takes no new folder");
  }

  @Test
  void framesGoToTheFolderThatTheRunNamed() throws IOException {
    generate("frames/", "--keep-state").ok();
    byte[] first = Files.readAllBytes(dir.resolve("frames/frame_00000.png"));
    try (Stream<Path> frames = Files.list(dir.resolve("frames"))) {
      for (Path frame : frames.toList()) {
        Files.delete(frame);
      }
    }
    Files.delete(dir.resolve("frames"));
    t3("resume", state("frames"), "--quiet").ok();
    assertThat(dir.resolve("frames/frame_00000.png")).hasBinaryContent(first);
  }

  @Test
  void aStateIsNeverReplacedSilently() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    Result again = generate("a.mp4", "--force");
    assertThat(again.line())
        .contains("holds this run at all 2 steps done", "./t3 resume", "--restart");
    assertThat(again.status()).isEqualTo(2);
    assertThat(generate("a.mp4", "--force", "--seed", "3").line())
        .contains("a run of other settings");
    generate("a.mp4", "--force", "--restart").ok();
    assertThat(Path.of(state("a.mp4"))).doesNotExist();
  }

  @Test
  void damagedStatesAreRefusedAndDiscardedOnlyWhenAsked() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    Path json = Path.of(state("a.mp4"), "state.json");
    byte[] bytes = Files.readAllBytes(json);
    bytes[bytes.length / 2] ^= 1;
    Files.write(json, bytes);
    assertThat(t3("resume", state("a.mp4")).line()).contains("the state is damaged");
    assertThat(generate("a.mp4", "--force").line()).contains("the state is damaged", "--restart");
    generate("a.mp4", "--force", "--restart").ok();
    assertThat(t3("resume", state("a.mp4")).line()).contains("there is no such folder");
    assertThat(t3("resume", model.toString()).line()).contains("no step of a run is kept");
  }

  @Test
  void anotherModelIsRefused() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    Path file = model.resolve("diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Result result = t3("resume", state("a.mp4"), "--quiet");
    assertThat(result.line()).contains("of another model: begun with 'model'");
    assertThat(result.status()).isEqualTo(1);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    Path moved = dir.resolve("moved");
    Files.move(model, moved);
    assertThat(t3("resume", state("a.mp4"), "--quiet").line()).contains("model' is not a folder");
    t3("resume", state("a.mp4"), "--quiet", "--model", moved.toString()).ok();
    Result q8 = t3("resume", state("a.mp4"), "--quiet", "--model", moved + "", "--weights", "q8");
    assertThat(q8.line()).contains("begun with --weights stored, this has q8");
  }

  /**
   * Megabytes that the stage which takes most needs, by what refusals say of one after the other.
   */
  private double needed() {
    double need = 0;
    for (int stage = 0; stage < 3; stage++) {
      Result refused =
          t3("resume", state("a.mp4"), "--quiet", "--memory", "%.1fm".formatted(need + 0.05));
      Matcher least = Pattern.compile("takes at least ([0-9.]+) MB").matcher(refused.err);
      if (least.find()) {
        need = Double.parseDouble(least.group(1)) + MemoryBudget.JVM / 1e6;
      }
    }
    return need;
  }

  @Test
  void aMegabyteOfMemoryTooLittleLeavesTheState() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    byte[] whole = Files.readAllBytes(video("a.mp4"));
    Files.delete(video("a.mp4"));
    double need = needed();
    Files.deleteIfExists(video("a.mp4"));
    Result result =
        t3("resume", state("a.mp4"), "--quiet", "--memory", "%.1fm".formatted(need - 1));
    assertThat(result.line()).contains("the run is kept at all 2 steps done", "./t3 resume");
    assertThat(result.status()).isEqualTo(1);
    t3("resume", state("a.mp4"), "--quiet", "--memory", "%.1fm".formatted(need + 0.1)).ok();
    assertThat(video("a.mp4")).hasBinaryContent(whole);
  }

  @Test
  void decodeRunsAgainWithAnotherVae() throws IOException {
    generate("a.mp4", "--keep-state").ok();
    Path vae = dir.resolve("other.pth");
    Files.copy(model.resolve(VAE), vae, StandardCopyOption.REPLACE_EXISTING);
    String out = video("b.mp4").toString();
    t3("decode", state("a.mp4"), "--quiet", "--out", out, "--vae", vae.toString()).ok();
    assertThat(Path.of(state("b.mp4"))).as("decoding elsewhere is finished").doesNotExist();
    assertThat(video("b.mp4")).isNotEmptyFile();
    byte[] before = Files.readAllBytes(video("a.mp4"));
    Files.delete(video("a.mp4"));
    t3("decode", state("a.mp4"), "--quiet").ok();
    assertThat(video("a.mp4")).hasBinaryContent(before);
    assertThat(Path.of(state("a.mp4"))).as("decoding in place keeps the state").isDirectory();
  }
}
