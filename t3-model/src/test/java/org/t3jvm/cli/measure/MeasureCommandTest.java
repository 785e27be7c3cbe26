package org.t3jvm.cli.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.T3;
import org.t3jvm.cli.Main;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.Attention;
import org.t3jvm.job.Output;
import org.t3jvm.job.Size;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.model.video.VideoWriters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code t3 measure} as a user runs it. */
@Tag("slow")
class MeasureCommandTest {
  @TempDir Path dir;

  private record Result(int status, String out, String err) {}

  private static Result measure(String... options) {
    List<String> args = new ArrayList<>(List.of("measure"));
    args.addAll(List.of(options));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    return new Result(status, out.toString(), err.toString());
  }

  /** Frames of one colour each. */
  private String frames(String name, int height, int width, int... levels) throws IOException {
    Path folder = Files.createDirectory(dir.resolve(name));
    try (FrameSink sink = VideoWriters.open(folder, width, height, 16, Map.of())) {
      for (int level : levels) {
        byte[] rgb = new byte[3 * height * width];
        java.util.Arrays.fill(rgb, (byte) level);
        sink.write(rgb);
      }
      sink.finish();
    }
    return folder.toString();
  }

  @Test
  void figuresOfAReference() throws IOException {
    String video = frames("video", 16, 24, 100, 100, 104);
    String reference = frames("reference", 16, 24, 99, 101, 105);
    Path json = dir.resolve("figures.json");
    Result result = measure(video, "--reference", reference, "--json", json.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("3 frames of 24x16", "PSNR", "48.13 dB", "flicker");
    JsonNode figures = JsonMapper.shared().readTree(Files.readString(json)).get(0);
    assertThat(figures.at("/measures/psnr").asDouble()).isBetween(48.13, 48.14);
    assertThat(figures.at("/measures/flicker").asDouble()).isEqualTo(2);
    assertThat(figures.at("/curves/flicker/1").asDouble()).isEqualTo(4);
    assertThat(figures.at("/frames").asInt()).isEqualTo(3);
    assertThat(measure(video, "--reference", reference, "--json", json.toString()).err().lines())
        .singleElement()
        .asString()
        .contains("figures.json", "exists", "--json", "--force");
  }

  /** Windows of both, since the video of full attention is measured at the other's borders. */
  @Test
  void aPageOfVideosWithTheirSettings() throws IOException {
    VideoJob full =
        VideoJob.of("<b>ball</b>")
            .size(new Size(64, 96, 5, null, null, null))
            .attention(Attention.full())
            .steps(1)
            .cfg(1f)
            .build();
    VideoJob t3 =
        full.with().attention(Attention.t3(T3Windows.parse("2,1,1;1,2,3").kinds())).build();
    String first = dir.resolve("<1>.mp4").toString();
    String second = dir.resolve("2.mp4").toString();
    try (T3 model = T3.embedded()) {
      model.generate(full, Output.of(first), event -> {}, new CancelToken());
      model.generate(t3, Output.of(second), event -> {}, new CancelToken());
    }
    Path html = dir.resolve("page.html");
    Path json = dir.resolve("page.json");
    Result result = measure(first, second, "--html", html.toString(), "--json", json.toString());
    assertThat(result.status()).as(result.err()).isZero();
    String page = Files.readString(html);
    assertThat(page)
        .contains("<th>attention</th>", "full attention", "T3 windows 2,1,1;1,2,3")
        .contains("kind 1 (1,2,3), rows", "<svg", "data:image/png;base64,", "&lt;1&gt;.mp4")
        .doesNotContain("<1>", "http:", "https:", "VQA", "VTC", "<th>seed</th>");
    JsonNode figures = JsonMapper.shared().readTree(Files.readString(json));
    for (int video = 0; video < 2; video++) {
      assertThat(figures.get(video).at("/seams").findValuesAsString("axis"))
          .contains("rows", "columns");
    }
  }

  @Test
  void whatCannotBeMeasuredIsOneLine() throws IOException {
    String video = frames("video", 16, 24, 1, 2);
    String longer = frames("longer", 16, 24, 1, 2, 3);
    String wider = frames("wider", 16, 32, 1, 2);
    Path junk = Files.writeString(dir.resolve("junk.mp4"), "no video");
    assertOneLine(measure(junk.toString()), "junk.mp4");
    assertOneLine(measure(dir.resolve("none.mp4").toString()), "none.mp4", "does not exist");
    assertOneLine(measure(video, "--reference", longer), "2 frames", "longer");
    assertOneLine(measure(longer, "--reference", video), "more frames than the 2", "video");
    assertOneLine(measure(video, "--reference", wider), "24x16", "32x16");
    assertOneLine(measure(video, "--token-pixels", "7"), "--token-pixels is 7", "16 or 32");
    assertOneLine(measure(video, "--html", dir + "/none/page.html"), "none", "does not exist");
    Result some = measure(junk.toString(), video);
    assertThat(some.status()).isEqualTo(1);
    assertThat(some.out()).contains("2 frames of 24x16");
    assertThat(some.err().lines()).hasSize(2).last().asString().contains("1 of 2 videos");
  }

  private static void assertOneLine(Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isIn(1, 2);
    assertThat(result.err().lines()).singleElement().asString().contains(parts);
  }
}
