package org.t3jvm.server.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.server.ServerFixture;
import tools.jackson.databind.JsonNode;

/**
 * Servers that are closed at moments of a seed; the last one ends with every video, bit for bit.
 */
class RestartTest {
  private static final long SEED = 7;
  private static final int RESTARTS = 4;

  @TempDir private Path folder;

  @Test
  void everyVideoIsThereOnceWithTheBitsOfAnUnbrokenRun() throws Exception {
    Unbroken unbroken = Unbroken.make(3, 12, folder);
    Path data = folder.resolve("data");
    Random random = new Random(SEED);
    int resumed = 0;
    for (int restart = 0; restart < RESTARTS; restart++) {
      try (ServerFixture server = ServerFixture.start(data)) {
        if (restart == 0) {
          for (String job : unbroken.jobs()) {
            ServerFixture.ok(server.post("/v1/jobs", job));
          }
        }
        awaitPreviews(server, 1 + random.nextInt(3));
        resumed += server.get("/v1/videos?status=in_progress").get("data").size();
      }
    }
    assertThat(resumed).as("seed %d: runs that were broken", SEED).isPositive();
    try (ServerFixture server = ServerFixture.start(data)) {
      JsonNode list = server.get("/v1/videos?order=asc");
      for (JsonNode video : list.get("data")) {
        server.await(video.get("id").asString(), "completed");
      }
      unbroken.check(server.get("/v1/videos?order=asc"), data);
    }
  }

  /** Waits until the running job has got some steps further, or there is none. */
  private static void awaitPreviews(ServerFixture server, int more) throws Exception {
    long before = -1;
    String id = "";
    while (true) {
      JsonNode running = server.get("/v1/videos?status=in_progress").get("data");
      JsonNode waiting = server.get("/v1/videos?status=queued").get("data");
      if (running.isEmpty() && waiting.isEmpty()) {
        return;
      }
      if (!running.isEmpty()) {
        JsonNode video = running.get(0);
        if (!video.get("id").asString().equals(id)) {
          id = video.get("id").asString();
          before = video.get("previews").asLong();
        }
        if (video.get("previews").asLong() >= before + more) {
          return;
        }
      }
      Thread.sleep(2);
    }
  }
}
