package org.t3jvm.server.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.server.ServerProcess;
import org.t3jvm.server.store.StoredJob;
import tools.jackson.databind.JsonNode;

/**
 * Measures a server with 500 queued jobs: how long 50 pollers wait for an answer while a job
 * computes, and how much longer the job takes than without them. Jobs with and without pollers take
 * turns, so that both meet the same machine.
 */
public final class LoadMain {
  private static final int QUEUED = 500;
  private static final int POLLERS = 50;
  private static final int PAUSE_MILLIS = 1000;
  private static final int WARM_UP = 4;
  private static final int PAIRS = 12;

  private LoadMain() {}

  /** Prints the figures; the first argument is an empty folder for the server's data. */
  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    List<Long> waits = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean polling = new AtomicBoolean();
    try (ServerProcess server = ServerProcess.start(data)) {
      List<String> ids = new ArrayList<>();
      for (int seed = 0; seed < QUEUED; seed++) {
        ids.add(server.post("/v1/jobs", job(seed)).get("id").asString());
      }
      List<Thread> pollers = new ArrayList<>();
      for (int i = 0; i < POLLERS; i++) {
        String id = ids.get(QUEUED - 1 - i);
        pollers.add(Thread.ofVirtual().start(() -> poll(server, id, polling, waits)));
      }
      List<Double> alone = new ArrayList<>();
      List<Double> polled = new ArrayList<>();
      for (int i = 0; i < WARM_UP + 2 * PAIRS; i++) {
        polling.set(i % 2 == 1);
        double seconds = await(server, data, ids.get(i));
        if (i >= WARM_UP) {
          (polling.get() ? polled : alone).add(seconds);
        }
      }
      pollers.forEach(Thread::interrupt);
      Collections.sort(waits);
      System.out.printf(
          "%d answers to %d pollers: median %.1f ms, 99th percentile %.1f ms, longest %.1f ms%n",
          waits.size(), POLLERS, millis(waits, 0.5), millis(waits, 0.99), millis(waits, 1));
      System.out.printf(
          "a job takes %.3f s with them, %.3f s alone (medians of %d): ratio %.4f%n",
          median(polled), median(alone), PAIRS, median(polled) / median(alone));
    }
  }

  private static String job(int seed) {
    return VideoJob.of("a red ball").size(96, 160).frames(9).steps(40).seed(seed).build().toJson();
  }

  private static void poll(
      ServerProcess server, String id, AtomicBoolean polling, List<Long> waits) {
    try {
      Thread.sleep((long) (Math.random() * PAUSE_MILLIS));
      while (true) {
        if (polling.get()) {
          long start = System.nanoTime();
          server.get("/v1/videos/" + id);
          waits.add(System.nanoTime() - start);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Seconds that the run of a job took, by its own times. */
  private static double await(ServerProcess server, Path data, String id) throws Exception {
    while (true) {
      JsonNode video = server.get("/v1/videos/" + id);
      if (video.get("status").asString().equals("completed")) {
        String json = Files.readString(data.resolve("jobs").resolve(id).resolve("job.json"));
        StoredJob.Times times = RecordJson.read(json, StoredJob.class).times();
        return Duration.between(times.started(), times.ended()).toMillis() / 1e3;
      }
      Thread.sleep(50);
    }
  }

  private static double millis(List<Long> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())) / 1e6;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
