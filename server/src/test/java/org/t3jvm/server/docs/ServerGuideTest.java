package org.t3jvm.server.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.server.ServerFixture;

/** The lines of the guide do what it says, against a server of the embedded model. */
@Tag("process")
class ServerGuideTest {
  private static final Path GUIDE = Path.of("../docs/server.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\n(.*?)^```");
  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\\n(.*?)^```");
  private static final String HERE = "T3=http://127.0.0.1:8188\n";
  private static final String TOKEN = "a token of many characters";

  @TempDir private Path folder;
  private ServerFixture server;

  @BeforeEach
  void start() throws Exception {
    server = ServerFixture.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void theCurlLinesRunOneAfterTheOther() throws Exception {
    boolean curl =
        Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
            .anyMatch(path -> Files.isExecutable(Path.of(path, "curl")));
    assumeTrue(curl, "curl is not installed: on Debian, apt-get install curl");
    String lines =
        BLOCK
            .matcher(Files.readString(GUIDE))
            .results()
            .map(block -> block.group(1))
            .filter(block -> block.contains("curl "))
            .collect(Collectors.joining());
    assertThat(lines).startsWith(HERE);
    assertThat(lines.lines().filter(line -> line.contains("curl "))).hasSizeGreaterThan(15);
    String script =
        "set -euo pipefail\nset -x\nT3=http://127.0.0.1:%d\n%s"
            .formatted(server.port(), lines.substring(HERE.length()));
    Path printed = folder.resolve("printed.txt");
    Process bash =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(bash.waitFor(5, TimeUnit.MINUTES)).as("the lines end").isTrue();
    String output = Files.readString(printed);
    assertThat(bash.exitValue()).as(output).isZero();
    assertThat(output)
        .contains("\"status\":\"completed\"", "event: progress", "\"fits\":true")
        .contains("\"status\":\"queued\"", "\"deleted\":true", "t3_jobs{status=\"completed\"}");
    byte[] video = Files.readAllBytes(folder.resolve("fox.mp4"));
    assertThat(new String(video, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
    assertThat(folder.resolve("start.bin")).hasSize(1000);
    for (String picture : List.of("fox.jpg", "step.jpg")) {
      assertThat(Files.readAllBytes(folder.resolve(picture))).startsWith(0xff, 0xd8);
    }
  }

  @Test
  void theClientLibraryMakesGetsAndDeletesAVideo() throws Exception {
    Matcher block = JAVA.matcher(Files.readString(GUIDE));
    assertThat(block.find()).as("a block of Java in %s", GUIDE).isTrue();
    Path source = Files.writeString(folder.resolve("Fox.java"), block.group(1));
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                errors,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).as(errors.toString(StandardCharsets.UTF_8)).isZero();
    Path video = folder.resolve("fox.mp4");
    String printed = run("http://127.0.0.1:" + server.port(), TOKEN, video.toString());
    assertThat(printed).contains("queued 0 %").contains("1 videos").contains("deleted: true");
    byte[] bytes = Files.readAllBytes(video);
    assertThat(new String(bytes, 4, 4, StandardCharsets.US_ASCII)).isEqualTo("ftyp");
  }

  private String run(String... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass("Fox").getMethod("main", String[].class).invoke(null, (Object) arguments);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
