package org.t3jvm.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;

/** Videos tell how they were made, and the command they tell makes them again. */
class VideoReportTest {
  private static final String PROMPT = "it's a \"red\" ball, 一只狐狸 \ud83e\udd8a $HOME\nrolls";

  @TempDir Path dir;

  private static String t3(int status, List<String> args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int is =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    assertThat(is).as(err.toString()).isEqualTo(status);
    return out.toString() + err;
  }

  private void generate(String out) {
    t3(
        0,
        List.of(
            "generate",
            "--prompt",
            PROMPT,
            "--negative=-bad",
            "--seed",
            "-5",
            "--cfg",
            "3.5",
            "--steps",
            "2",
            "--height",
            "32",
            "--width",
            "48",
            "--frames",
            "5",
            "--windows",
            "1,1,1",
            "--fps",
            "8",
            "--threads",
            "1",
            "--quiet",
            "--out",
            out));
  }

  private static String command(String report) {
    String marker = "command    ";
    int start = report.indexOf(marker);
    assertThat(start).as(report).isPositive();
    return report.substring(start + marker.length()).strip();
  }

  /** The words that a shell makes of a command. */
  private static List<String> words(String command) throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + command).start();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    List<String> words = new ArrayList<>(List.of(read.split("\0")));
    assertThat(words.removeFirst()).isEqualTo("./t3");
    return words;
  }

  @Test
  void theCommandOfAVideoMakesItAgain() throws Exception {
    Path first = dir.resolve("first.mp4");
    generate(first.toString());
    String report = t3(0, List.of("inspect", first.toString()));
    assertThat(report)
        .contains("-bad", "seed       -5", "embedded, ", "48x32", "cfg        3.5")
        .contains("backend    cpu", "precision  f32", "--precision f32", "--backend cpu")
        .doesNotContain("--out", "--threads", "--quiet");
    List<String> again = words(command(report));
    assertThat(again).contains("generate", PROMPT);
    Path second = dir.resolve("second.mp4");
    again.addAll(List.of("--quiet", "--out", second.toString()));
    t3(0, again);
    assertThat(second).as("frames, and tags").hasSameBinaryContentAs(first);
  }

  @Test
  void aFolderOfFramesTellsTheSame() throws IOException {
    generate(dir.resolve("frames") + "/");
    generate(dir.resolve("video.mp4").toString());
    String frames = command(t3(0, List.of("inspect", dir.resolve("frames").toString())));
    assertThat(frames)
        .isEqualTo(command(t3(0, List.of("inspect", dir.resolve("video.mp4").toString()))));
  }

  @Test
  void otherVideosSayNothing() throws IOException {
    Path other = dir.resolve("other.mp4");
    try (FrameSink sink = VideoWriters.open(other, 16, 16, 8, Map.of("comment", "by hand"))) {
      sink.write(new byte[16 * 16 * 3]);
      sink.finish();
    }
    assertThat(t3(1, List.of("inspect", other.toString()))).contains("holds no settings of t3");
    Path broken = Files.writeString(dir.resolve("broken.mp4"), "no video at all");
    assertThat(t3(1, List.of("inspect", broken.toString()))).contains("is no MP4 video");
    assertThat(t3(1, List.of("inspect", dir.resolve("none.mp4").toString())))
        .contains("none.mp4' does not exist");
  }
}
