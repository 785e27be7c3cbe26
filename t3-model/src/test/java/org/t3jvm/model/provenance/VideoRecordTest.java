package org.t3jvm.model.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.VideoJob;
import org.t3jvm.tensor.backend.Precision;

class VideoRecordTest {
  private static final List<String> WORDS =
      List.of(
          "--prompt",
          "it's a \"red\" $ball `x`\n\\two; *",
          "--windows=1,1,1;2,2,2",
          "",
          "一",
          "a b");

  @TempDir Path dir;

  @Test
  void aShellReadsTheWordsBack() throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "printf '%s\\0' " + ShellWords.join(WORDS)).start();
    String read = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(read.split("\0", -1)).startsWith(WORDS.toArray(String[]::new));
    assertThat(ShellWords.join(List.of("--seed", "3", "a/b-c_d.mp4")))
        .isEqualTo("--seed 3 a/b-c_d.mp4");
  }

  @Test
  void recordsComeBackFromTheirComment() {
    VideoRecord record =
        new VideoRecord(
            "1",
            new ModelIdentity("m", "00"),
            ModelSource.of(Path.of("a b/model")),
            VideoJob.of("a").negative("b").seed(Long.MIN_VALUE).precision(Precision.BF16).build());
    assertThat(VideoRecord.parse(record.tags().get(VideoRecord.COMMENT))).contains(record);
    assertThat(VideoRecord.parse("made by hand")).isEmpty();
    assertThat(VideoRecord.parse("{\"a\": 1}")).isEmpty();
    assertThat(VideoRecord.parse(null)).isEmpty();
  }

  @Test
  void anotherPrecisionMakesAnotherVideo() {
    VideoRecord plain = recordOf(VideoJob.of("a").precision(Precision.F32).build());
    VideoRecord rounded = recordOf(VideoJob.of("a").precision(Precision.BF16).build());
    assertThat(plain.madeLike(recordOf(plain.job()))).isTrue();
    assertThat(plain.madeLike(rounded)).isFalse();
    assertThat(rounded.json()).isNotEqualTo(plain.json());
  }

  private static VideoRecord recordOf(VideoJob job) {
    return new VideoRecord("1", new ModelIdentity("m", "00"), ModelSource.of(Path.of("m")), job);
  }

  @Test
  void commentsOfOtherVersionsNameTheirWriter() {
    String before =
        "{\"t3\":\"0.1.0\",\"prompt\":\"a fox\",\"negative\":\"\",\"seed\":7,"
            + "\"model\":{\"name\":\"m\",\"hash\":\"00\"},\"settings\":{\"steps\":\"4\"},"
            + "\"arguments\":[\"--prompt\",\"a fox\"]}";
    assertThat(VideoRecord.parse(before)).isEmpty();
    assertThat(VideoRecord.writer(before)).contains("0.1.0");
    for (String other :
        new String[] {null, "made by hand", "{", "{\"t3\": 1}", "{\"t3\": \"1\"}"}) {
      assertThat(VideoRecord.writer(other)).as("comment %s", other).isEmpty();
    }
  }

  @Test
  void identitiesTellWeightsApart() throws IOException {
    byte[] bytes = new byte[300_000];
    Path a = Files.write(dir.resolve("w.pth"), bytes);
    ModelIdentity zeros = ModelIdentity.of("m", List.of(a));
    assertThat(ModelIdentity.of("m", List.of(a))).isEqualTo(zeros);
    bytes[bytes.length - 1] = 1;
    Files.write(a, bytes);
    assertThat(ModelIdentity.of("m", List.of(a))).isNotEqualTo(zeros);
    Files.write(a, new byte[299_999]);
    assertThat(ModelIdentity.of("m", List.of(a))).isNotEqualTo(zeros);
    Files.write(a, new byte[0]);
    assertThat(ModelIdentity.of("m", List.of(a)).hash()).hasSize(64);
  }
}
