package org.t3jvm.bench.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of the guide for Java programs, compiled from its text and run. */
class LibraryExampleTest {
  private static final Path GUIDE = Path.of("../docs/library.md");
  private static final String NAME = "RedBall";
  private static final Pattern BLOCK = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern IMPORT =
      Pattern.compile("^import (org\\.t3jvm[\\w.]*)\\.\\w+;", Pattern.MULTILINE);

  @TempDir Path dir;

  private static String example() throws Exception {
    Matcher block = BLOCK.matcher(Files.readString(GUIDE));
    assertThat(block.find()).as("a block of Java in %s", GUIDE).isTrue();
    return block.group(1);
  }

  @Test
  void itUsesTheExportedPackagesAlone() throws Exception {
    assertThat(IMPORT.matcher(example()).results().map(match -> match.group(1)).distinct())
        .containsExactlyInAnyOrder("org.t3jvm", "org.t3jvm.event", "org.t3jvm.job");
  }

  @Test
  void aCancelledRunThatIsResumedGivesTheBitsOfAnUnbrokenOne() throws Exception {
    Path source = Files.writeString(dir.resolve(NAME + ".java"), example());
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            null,
            errors,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            dir.toString(),
            source.toString());
    assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();

    String printed = run();

    assertThat(printed).contains("tokens", "this machine", "stopped at step 2 of 4");
    assertThat(dir.resolve("ball.mp4")).isNotEmptyFile();
    List<String> names =
        IntStream.range(0, 9).mapToObj(frame -> "frame_%05d.png".formatted(frame)).toList();
    for (String name : names) {
      assertThat(dir.resolve("resumed").resolve(name))
          .hasSameBinaryContentAs(dir.resolve("whole").resolve(name));
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("the state of the finished run is gone")
          .containsExactlyInAnyOrder(
              NAME + ".java", NAME + ".class", "ball.mp4", "whole", "resumed");
    }
  }

  /** What the example prints. */
  private String run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass(NAME)
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {dir.toString()});
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
