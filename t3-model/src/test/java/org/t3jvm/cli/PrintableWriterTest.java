package org.t3jvm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.command.CommandProvider;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoTags;
import org.t3jvm.model.video.VideoWriters;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** No command brings a control character of a file or a server to the terminal. */
class PrintableWriterTest {
  /** Clears the screen, sets the title, writes right to left, forges a line, breaks UTF-16. */
  private static final String HOSTILE = "a\u001b[2J\u001b]0;x\u0007\u202e\u009b31m\rb\ud800\u2028";

  @TempDir Path dir;

  private static String t3(int expected, Iterable<CommandProvider> more, Object... args) {
    StringWriter out = new StringWriter();
    String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(out, true), more, words);
    assertThat(status).as(out.toString()).isEqualTo(expected);
    return out.toString();
  }

  @Command(name = "shout")
  private static final class Shout implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
      PrintWriter out = spec.commandLine().getOut();
      out.println(HOSTILE);
      out.print('\ud83e');
      out.print('\udd8a');
      out.printf("%s%n", HOSTILE);
      spec.commandLine().getErr().println(HOSTILE);
      throw new java.io.IOException(HOSTILE);
    }
  }

  private static void requirePrintable(String printed) {
    assertThat(printed.codePoints().filter(c -> c != '\n').mapToObj(Character::getType))
        .as(printed)
        .doesNotContain(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.LINE_SEPARATOR);
  }

  @Test
  void whateverACommandPrintsIsPrintable() {
    String printed = t3(1, List.of(Shout::new), "shout");
    requirePrintable(printed);
    String shown = "a?[2J?]0;x???31m?b??";
    assertThat(printed.lines())
        .containsExactly(shown, "\ud83e\udd8a" + shown, shown, "t3: a?[2J?]0;x???31m; b?");
  }

  @Test
  void aCheckpointPrintsOneLineAField() throws Exception {
    Path file = dir.resolve("esc.safetensors");
    Tensor one = Tensor.ofFloats(Shape.of(1), 1);
    String name = "w\nx F32 [9]" + "\u001b[31m";
    SafetensorsWriter.write(
        file, List.of(TensorInfo.of(name, one)), each -> one, Map.of("k\u001b[2J", "v\nforged"));
    String printed = t3(0, List.of(), "inspect", "--tensors", file);
    requirePrintable(printed);
    assertThat(printed).contains("  metadata  k?[2J: v?forged\n", "  w?x F32 [9]?[31m F32 [1]\n");
    Path other = dir.resolve("other.safetensors");
    SafetensorsWriter.write(other, List.of(TensorInfo.of("y\u001bc", one)), each -> one, Map.of());
    requirePrintable(t3(1, List.of(), "inspect", file, "--compare", other));
  }

  @Test
  void aVideoPrintsOneLineAField() throws Exception {
    Path made = dir.resolve("made.mp4");
    t3(
        0,
        List.of(),
        "generate",
        "--quiet",
        "--prompt",
        "x",
        "--steps",
        1,
        "--cfg",
        1,
        "--height",
        32,
        "--width",
        32,
        "--frames",
        1,
        "--out",
        made);
    String record = Objects.requireNonNull(VideoTags.read(made).get(VideoRecord.COMMENT));
    Path evil = dir.resolve("evil.mp4");
    String prompt = "\"prompt\":\"x\\u001b]52;c;eA==\\u0007\\n  command    rm -rf ~\"";
    Map<String, String> tags =
        Map.of(VideoRecord.COMMENT, record.replace("\"prompt\":\"x\"", prompt));
    try (FrameSink sink = VideoWriters.open(evil, 32, 32, 8, tags)) {
      sink.write(new byte[32 * 32 * 3]);
      sink.finish();
    }
    String printed = t3(0, List.of(), "inspect", evil);
    requirePrintable(printed);
    assertThat(printed.lines().filter(line -> line.startsWith("  command "))).hasSize(1);
    assertThat(printed)
        .contains("prompt     x?]52;c;eA==??  command")
        .contains("--prompt \"$(printf 'x\\033]52;c;eA==\\007\\012  command    rm -rf ~')\"");
  }

  @Test
  void namesOfAFolderToo() throws Exception {
    Path folder = Files.createDirectory(dir.resolve("models"));
    Tensor one = Tensor.ofFloats(Shape.of(1), 1);
    SafetensorsWriter.write(
        folder.resolve("a\u001b[2J.safetensors"),
        List.of(TensorInfo.of("w", one)),
        each -> one,
        Map.of());
    String printed = t3(0, List.of(), "inspect", folder);
    requirePrintable(printed);
    assertThat(printed).contains("a?[2J.safetensors\n");
  }
}
