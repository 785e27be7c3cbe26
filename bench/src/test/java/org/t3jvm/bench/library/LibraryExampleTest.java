package org.t3jvm.bench.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the guide for Java programs as a module of its own: compiled from its text against
 * the project's modules, of which it sees the exported packages alone, and run with them.
 */
class LibraryExampleTest {
  private static final Path GUIDE = Path.of("../docs/library.md");
  private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern FLAGS =
      Pattern.compile("java --module-path libs:classes (.*?) -m example", Pattern.DOTALL);

  @TempDir Path dir;
  private Path classes;
  private Path made;

  @BeforeEach
  void folders() throws IOException {
    classes = Files.createDirectory(dir.resolve("classes"));
    made = Files.createDirectory(dir.resolve("made"));
  }

  private static String block(Pattern pattern) throws IOException {
    Matcher block = pattern.matcher(Files.readString(GUIDE));
    assertThat(block.find()).as("a block %s in %s", pattern, GUIDE).isTrue();
    return block.group(1);
  }

  private static String modulePath() {
    return ProjectModules.forPrograms().stream()
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** What the compiler says of a module of one class; nothing if it compiles. */
  private String compile(String name, String text) throws IOException {
    Path folder = Files.createDirectories(dir.resolve("sources/example"));
    Path module =
        Files.writeString(
            folder.resolveSibling("module-info.java"),
            "module example { requires org.t3jvm.model; }");
    Path source = Files.writeString(folder.resolve(name + ".java"), "package example;\n\n" + text);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            null,
            errors,
            "-proc:none",
            "--module-path",
            modulePath(),
            "-d",
            classes.toString(),
            module.toString(),
            source.toString());
    String said = errors.toString(StandardCharsets.UTF_8);
    assertThat(said.contains("error:")).as(said).isEqualTo(status != 0);
    return status == 0 ? "" : said;
  }

  @Test
  void otherPackagesAreNotVisible() throws IOException {
    assertThat(
            compile(
                "Inside",
                "class Inside { org.t3jvm.model.session.Session session; "
                    + "org.t3jvm.tensor.cpu.CpuBackend backend; }"))
        .contains(
            "package org.t3jvm.model.session is not visible",
            "package org.t3jvm.tensor.cpu is not visible");
  }

  @Test
  @Tag("process")
  void aCancelledRunThatIsResumedGivesTheBitsOfAnUnbrokenOne() throws Exception {
    assertThat(compile("RedBall", block(BLOCK))).isEmpty();

    String printed = run();

    assertThat(printed).contains("tokens", "this machine", "stopped at step 2 of 4");
    assertThat(made.resolve("ball.mp4")).isNotEmptyFile();
    List<String> names =
        IntStream.range(0, 9).mapToObj(frame -> "frame_%05d.png".formatted(frame)).toList();
    for (String name : names) {
      assertThat(made.resolve("resumed").resolve(name))
          .hasSameBinaryContentAs(made.resolve("whole").resolve(name));
    }
    try (Stream<Path> left = Files.list(made)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("the state of the finished run is gone")
          .containsExactlyInAnyOrder("ball.mp4", "whole", "resumed");
    }
  }

  /** What the example prints, started with the guide's flags. */
  private String run() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--module-path", modulePath() + File.pathSeparator + classes));
    command.addAll(List.of(block(FLAGS).split("\\s+")));
    command.addAll(List.of("-m", "example/example.RedBall", made.toString()));
    Path output = dir.resolve("output.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int status = process.waitFor();
    String printed = Files.readString(output);
    assertThat(status).as(printed).isZero();
    return printed;
  }
}
