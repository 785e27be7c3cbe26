package org.t3jvm.server.api;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.Job;
import org.t3jvm.server.queue.JobQueue;
import org.t3jvm.server.queue.Progress;
import org.t3jvm.server.store.Status;

/** Counts requests, and prints what is counted in Prometheus' text format. */
final class Metrics implements Router.Log {
  private record Key(String route, int status) {}

  private static final class Count {
    private final LongAdder requests = new LongAdder();
    private final LongAdder nanos = new LongAdder();
  }

  private final Map<Key, Count> counts = new ConcurrentHashMap<>();

  @Override
  public void answered(String route, int status, Duration time) {
    Count count = counts.computeIfAbsent(new Key(route, status), key -> new Count());
    count.requests.increment();
    count.nanos.add(time.toNanos());
  }

  /** All metrics as they are now. */
  String text(JobQueue queue) {
    StringBuilder text = new StringBuilder();
    head(text, "t3_jobs", "gauge", "Jobs by status.");
    Map<Status, Integer> jobs = new TreeMap<>();
    double progress = 0;
    for (Job job : queue.all()) {
      jobs.merge(job.status(), 1, Integer::sum);
      Progress now = job.progress();
      progress = job.status() == Status.IN_PROGRESS && now != null ? now.percent() : progress;
    }
    for (Status status : Status.values()) {
      line(text, "t3_jobs{status=\"%s\"}".formatted(status), jobs.getOrDefault(status, 0));
    }
    head(text, "t3_progress_ratio", "gauge", "How far the running job is.");
    line(text, "t3_progress_ratio", progress / 100);
    head(text, "t3_queue_paused", "gauge", "1 while no job can be begun.");
    line(text, "t3_queue_paused", queue.paused().isPresent() ? 1 : 0);
    head(text, "t3_heap_bytes", "gauge", "Bytes of the JVM's heap in use.");
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    line(text, "t3_heap_bytes", (double) heap);
    head(text, "t3_http_requests_total", "counter", "Requests answered; status 0: client gone.");
    counts.forEach(
        (key, count) ->
            line(text, "t3_http_requests_total" + labels(key), (double) count.requests.sum()));
    head(text, "t3_http_request_seconds_total", "counter", "Seconds spent answering.");
    counts.forEach(
        (key, count) ->
            line(text, "t3_http_request_seconds_total" + labels(key), count.nanos.sum() / 1e9));
    return text.toString();
  }

  private static String labels(Key key) {
    return "{route=\"%s\",status=\"%d\"}".formatted(key.route(), key.status());
  }

  private static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP %s %s%n# TYPE %s %s%n".formatted(name, help, name, type));
  }

  private static void line(StringBuilder text, String name, double value) {
    text.append(name).append(' ');
    text.append(
        value == Math.rint(value) && Math.abs(value) < 1e15
            ? String.valueOf((long) value)
            : String.format(Locale.ROOT, "%.6f", value));
    text.append('\n');
  }
}
