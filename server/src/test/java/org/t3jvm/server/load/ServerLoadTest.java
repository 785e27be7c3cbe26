package org.t3jvm.server.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.VideoJob;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.server.ServerProcess;
import org.t3jvm.server.load.LoadFigures.Phase;
import org.t3jvm.server.load.Pollers.Pace;
import org.t3jvm.server.store.StoredJob;

/**
 * A server with 500 queued jobs and 50 pollers, each of which asks for its video once a second: how
 * long they wait for an answer while a job computes, and how much longer the job takes than alone.
 * It needs Linux and a machine that does nothing else; {@code -Dt3.load=16} runs it with 16 pairs
 * of jobs.
 *
 * <p>The server is warm, as one that serves for hours: it has answered 40,000 requests and made
 * four videos before. Polled jobs and jobs alone take turns. The pollers have a process of their
 * own, on the same machine: what they take of its processors is part of the ratio, and is printed.
 */
@EnabledIfSystemProperty(named = "t3.load", matches = "\\d+")
class ServerLoadTest {
  private static final int QUEUED = 500;
  private static final int POLLERS = 50;
  private static final int WARM_JOBS = 4;
  private static final int WARM_ANSWERS = 40_000;
  private static final int PAIRS = Integer.getInteger("t3.load", 16);
  private static final long LOOK_MILLIS = 20;

  @TempDir private Path data;
  private final List<String> ids = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();

  @Test
  void pollersAreAnsweredSoonAndCostTheJobLittle() throws Exception {
    try (ServerProcess server = ServerProcess.start(data)) {
      for (int seed = 0; seed < QUEUED; seed++) {
        ids.add(server.post("/v1/jobs", job(seed)).get("id").asString());
      }
      try (Pollers pollers = new Pollers(URI.create(server.url()), POLLERS, this::video)) {
        warm(pollers);
        LoadFigures figures = measure(server, pollers);
        System.out.print(figures.text());
        assertThat(figures.waitMillis(0.99)).as("99th percentile, ms").isLessThan(50);
        assertThat(figures.ratio(0.5)).as("polled job to job alone").isLessThan(1.03);
      }
    }
  }

  private static String job(int seed) {
    return VideoJob.of("a red ball").size(96, 160).frames(9).steps(40).seed(seed).build().toJson();
  }

  /** The first client asks for the video that is being made, the others for those at the end. */
  private String video(int client) {
    return ids.get(client == 0 ? running.get() : QUEUED - client);
  }

  private void warm(Pollers pollers) throws Exception {
    pollers.pace(Pace.AT_ONCE);
    while (pollers.answers() < WARM_ANSWERS) {
      Thread.sleep(LOOK_MILLIS);
    }
    pollers.pace(Pace.NEVER);
    while (running.get() < WARM_JOBS) {
      next();
    }
  }

  private LoadFigures measure(ServerProcess server, Pollers pollers) throws Exception {
    List<Phase> alone = new ArrayList<>();
    List<Phase> polled = new ArrayList<>();
    for (int i = 0; i < 2 * PAIRS; i++) {
      boolean with = i % 4 == 1 || i % 4 == 2;
      pollers.pace(with ? Pace.EVERY_SECOND : Pace.NEVER);
      (with ? polled : alone).add(phase(server, pollers));
    }
    return new LoadFigures(pollers.waits(), alone, polled);
  }

  private Phase phase(ServerProcess server, Pollers pollers) throws Exception {
    ProcessorTime before = ProcessorTime.of(server.pid());
    double own = ownSeconds();
    long answers = pollers.answers();
    double seconds = next();
    return new Phase(
        seconds,
        pollers.answers() - answers,
        ProcessorTime.of(server.pid()).since(before),
        ownSeconds() - own);
  }

  /** Waits for the job that runs; the seconds that its run took, by its own times. */
  private double next() throws IOException, InterruptedException {
    Path record = data.resolve("jobs").resolve(ids.get(running.get())).resolve("job.json");
    while (true) {
      String json = Files.readString(record);
      if (json.contains("\"status\":\"completed\"")) {
        running.incrementAndGet();
        StoredJob.Times times = RecordJson.read(json, StoredJob.class).times();
        return Duration.between(times.started(), times.ended()).toMillis() / 1e3;
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  private static double ownSeconds() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / (double) TimeUnit.SECONDS.toNanos(1);
  }
}
