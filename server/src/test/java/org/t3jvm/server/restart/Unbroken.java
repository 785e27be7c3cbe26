package org.t3jvm.server.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.t3jvm.T3;
import org.t3jvm.event.CancelToken;
import org.t3jvm.job.Output;
import org.t3jvm.job.VideoJob;
import tools.jackson.databind.JsonNode;

/**
 * Jobs, and the videos that unbroken runs of them give.
 *
 * @param jobs as JSON
 * @param videos bytes of each
 */
record Unbroken(List<String> jobs, List<byte[]> videos) {
  /** Makes videos of a few seeds without a server. */
  static Unbroken make(int count, int steps, Path folder) throws IOException {
    List<String> jobs = new ArrayList<>();
    List<byte[]> videos = new ArrayList<>();
    try (T3 t3 = T3.embedded()) {
      for (int seed = 0; seed < count; seed++) {
        VideoJob job =
            VideoJob.of("a red ball").size(32, 48).frames(9).steps(steps).seed(seed).build();
        Path video = folder.resolve("unbroken%d.mp4".formatted(seed));
        t3.generate(job, Output.of(video), event -> {}, new CancelToken());
        jobs.add(job.toJson());
        videos.add(Files.readAllBytes(video));
      }
    }
    return new Unbroken(jobs, videos);
  }

  /** Fails unless a server's list of videos, oldest first, has each once and whole. */
  void check(JsonNode list, Path data) throws IOException {
    assertThat(list.get("data").size()).isEqualTo(jobs.size());
    for (int i = 0; i < jobs.size(); i++) {
      JsonNode video = list.get("data").get(i);
      assertThat(video.get("status").asString()).isEqualTo("completed");
      assertThat(video.get("seed").asInt()).as("the order").isEqualTo(i);
      Path folder = data.resolve("jobs").resolve(video.get("id").asString());
      assertThat(folder.resolve("video.mp4")).hasBinaryContent(videos.get(i));
      assertThat(folder.resolve("video.mp4.t3state")).doesNotExist();
    }
  }
}
