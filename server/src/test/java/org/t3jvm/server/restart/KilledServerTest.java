package org.t3jvm.server.restart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.server.ServerProcess;

/**
 * {@code t3 serve} in a process that is killed at moments of a seed, with five jobs queued. {@code
 * -Dt3.kills=30} kills it so often.
 */
@Tag("process")
class KilledServerTest {
  private static final long SEED = 11;
  private static final int KILLS = Integer.getInteger("t3.kills", 4);
  private static final int MOST_MILLIS = 2500;
  private static final int JOBS = 5;

  @TempDir private Path folder;

  @Test
  void everyVideoIsThereOnceWithTheBitsOfAnUnbrokenRun() throws Exception {
    // Enough steps that most kills meet a job that runs.
    Unbroken unbroken = Unbroken.make(JOBS, 20 + 8 * KILLS, folder);
    Path data = folder.resolve("data");
    Random random = new Random(SEED);
    int broken = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (ServerProcess server = ServerProcess.start(data)) {
        if (kill == 0) {
          for (String job : unbroken.jobs()) {
            server.post("/v1/jobs", job);
          }
        }
        Thread.sleep(random.nextInt(MOST_MILLIS));
        broken += server.get("/v1/videos?status=in_progress").get("data").size();
      }
    }
    try (ServerProcess last = ServerProcess.start(data)) {
      while (last.get("/v1/videos?status=completed").get("data").size() < JOBS) {
        assertThat(last.get("/v1/videos?status=failed").get("data")).isEmpty();
        Thread.sleep(50);
      }
      unbroken.check(last.get("/v1/videos?order=asc"), data);
    }
    System.out.printf("seed %d: %d kills, %d while a job ran%n", SEED, KILLS, broken);
    assertThat(broken).as("kills while a job ran, seed %d", SEED).isGreaterThan(KILLS / 2);
  }
}
