package org.t3jvm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.spark.cli.RenderCommand;

/** What cannot be is refused in one line, and what can be is made. */
@Tag("process")
class BadInputTest {
  @TempDir Path dir;

  private record Result(int status, List<String> lines) {}

  private Result render(String prompts, String out, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(List.of("--prompts", prompts, "--out", out, "--quiet", "--steps", "1"));
    args.addAll(List.of("--height", "16", "--width", "32", "--frames", "1", "--cfg", "1"));
    args.addAll(List.of(more));
    StringWriter err = new StringWriter();
    int status;
    try (SparkSession _ = LocalSpark.start("local[2]")) {
      status = RenderCommand.run(new PrintWriter(err, true), args.toArray(String[]::new));
    }
    return new Result(status, err.toString().lines().toList());
  }

  private String prompts(String text) throws IOException {
    return Files.writeString(dir.resolve("p.jsonl"), text).toString();
  }

  private String out() {
    return dir.resolve("out").toString();
  }

  @Test
  void whatCannotBeReachedIsNamed() throws IOException {
    Result result = render(prompts("\"a\""), "s4://bucket/videos");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.lines()).singleElement().asString().contains("s4");
    assertThat(render("hdfs://nowhere.invalid/p.jsonl", out()).lines())
        .singleElement()
        .asString()
        .contains("nowhere.invalid");
    assertThat(render(dir.resolve("none.txt").toString(), out()).lines())
        .singleElement()
        .asString()
        .contains("none.txt");
  }

  @Test
  void anExecutorWithoutTheModelFailsItsRows() throws IOException {
    Result result = render(prompts("\"a\"\n\"b\""), out(), "--model", "/models/none");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.lines())
        .hasSize(2)
        .allMatch(line -> line.contains("'file:/models/none' does not exist on "));
  }

  @Test
  void aDeviceThatIsNotThereFailsItsRows() throws IOException {
    Result result = render(prompts("\"a\""), out(), "--backend", "cuda", "--device", "97");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.lines()).singleElement().asString().contains("cuda");
  }

  @Test
  void aBrokenRowFailsAlone() throws IOException {
    Result result = render(prompts("\"a\"\n{\"prompt\": \n\"b\""), out());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.lines()).singleElement().asString().contains("line 2 is not JSON");
    assertThat(dir.resolve("out/16_32_1_0.mp4")).isRegularFile();
    assertThat(dir.resolve("out/16_32_1_2.mp4")).isRegularFile();
  }

  @Test
  void wrongUsageIsRefused() {
    StringWriter err = new StringWriter();
    assertThat(RenderCommand.run(new PrintWriter(err, true), "--prompts", "p.txt")).isEqualTo(2);
    assertThat(err.toString().lines()).singleElement().asString().contains("--out");
  }
}
