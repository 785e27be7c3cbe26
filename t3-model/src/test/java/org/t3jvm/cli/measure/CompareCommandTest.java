package org.t3jvm.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code t3 compare} on the embedded model. */
@Tag("slow")
class CompareCommandTest {
  @TempDir Path dir;

  private record Result(int status, String out, String err) {}

  private Result compare(String... options) throws IOException {
    Path job = dir.resolve("job.json");
    if (!Files.exists(job)) {
      Files.writeString(
          job,
          VideoJob.of("a red ball")
              .size(new Size(32, 48, 5, null, null, null))
              .steps(1)
              .cfg(1f)
              .build()
              .toJson());
    }
    List<String> args = new ArrayList<>(List.of("compare", job.toString()));
    args.addAll(List.of(options));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    return new Result(status, out.toString(), err.toString());
  }

  @Test
  void everyCombinationOnceAndOnePage() throws IOException {
    String[] options = {"--vary", "attention=t3,full", "--vary", "size=48x32,64x32"};
    Result first = compare(options);
    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.err().lines().filter(line -> line.startsWith("wrote "))).hasSize(4);
    Path folder = dir.resolve("job-compare");
    assertThat(folder.resolve("attention=full,size=64x32").resolve("frame_00004.png")).exists();
    String page = Files.readString(folder.resolve("compare.html"));
    assertThat(page)
        .contains("attention=t3,size=48x32", "<th>attention</th>", "<th>size</th>", "seconds")
        .doesNotContain("http:", "https:");
    JsonNode figures =
        JsonMapper.shared().readTree(Files.readString(folder.resolve("compare.json")));
    assertThat(figures).hasSize(4);
    assertThat(figures.get(3).at("/width").asInt()).isEqualTo(64);
    assertThat(figures.get(0).at("/measures").has("psnr")).as("the first of its size").isFalse();
    assertThat(figures.get(2).at("/measures").has("psnr")).isTrue();

    Result again = compare(options);
    assertThat(again.status()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("wrote ");
    assertThat(Files.readString(folder.resolve("compare.html"))).isEqualTo(page);
  }

  @Test
  void whatCannotBeVariedIsOneLine() throws IOException {
    assertOneLine(compare("--vary", "attention"), "attention", "attention=t3,full");
    assertOneLine(compare("--vary", "colour=red"), "colour", "no job has a field");
    assertOneLine(compare("--vary", "attention=t3,round"), "attention", "round");
    assertOneLine(compare("--vary", "steps=0"), "steps", "0");
    assertOneLine(compare("--vary", "size=big"), "big", "832x480");
    assertOneLine(compare("--vary", "seed=1,1"), "seed=1,1", "once");
    Files.writeString(dir.resolve("job.json"), "{");
    assertOneLine(compare("--vary", "seed=1,2"), "job.json", "no job");
  }

  private static void assertOneLine(Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isIn(1, 2);
    assertThat(result.err().lines()).singleElement().asString().contains(parts);
  }
}
