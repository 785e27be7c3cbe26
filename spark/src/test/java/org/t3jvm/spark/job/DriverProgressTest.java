package org.t3jvm.spark.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.spark.task.VideoRow;

class DriverProgressTest {
  private final List<String> lines = new ArrayList<>();
  private final DriverProgress progress =
      new DriverProgress(3, new ClusterWatch("done"), lines::add);

  private static VideoRow row(int index, VideoRow.Status status) {
    return new VideoRow(
        index,
        "a",
        null,
        "file:/v/%d.mp4".formatted(index),
        status,
        90.0,
        "node7",
        "0",
        1,
        0,
        1,
        0,
        null,
        null);
  }

  @Test
  void onlyVideosThatWereMadeSayHowLongTheRestTakes() {
    progress.ended(VideoRow.failed(1, null, "row 1 has no text"));
    progress.ended(row(0, VideoRow.Status.SKIPPED));
    assertThat(lines)
        .containsExactly(
            "[1 of 3] prompt 1 failed: row 1 has no text",
            "[2 of 3] file:/v/0.mp4 is there already");
    progress.report();
    assertThat(lines).last().isEqualTo("2.0 of 3 videos");
    progress.ended(row(2, VideoRow.Status.MADE));
    assertThat(lines).last().isEqualTo("[3 of 3] made file:/v/2.mp4 in 1 min 30 s on node7");
  }

  @Test
  void theTimeLeftIsThatOfWhatIsNotMade() {
    progress.ended(row(0, VideoRow.Status.MADE));
    assertThat(lines).singleElement().asString().contains("node7, about ").endsWith(" left");
  }
}
