package org.t3jvm.server.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.JobQueue;

/** What the server is doing: {@code /v1/queue}, {@code /healthz} and {@code /metrics}. */
final class StatusApi {
  private final JobQueue queue;
  private final Metrics metrics;

  StatusApi(JobQueue queue, Metrics metrics) {
    this.queue = queue;
    this.metrics = metrics;
  }

  void addTo(Router router) {
    router
        .on("GET", "/v1/queue", this::order)
        .open("GET", "/healthz", call -> call.text(200, "text/plain", "ok\n"))
        .on("GET", "/metrics", this::metrics);
  }

  private void order(Call call) throws IOException {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("object", "queue");
    answer.put("paused", queue.paused().orElse(null));
    answer.put("order", queue.order());
    call.json(200, answer);
  }

  private void metrics(Call call) throws IOException {
    call.text(200, "text/plain; version=0.0.4", metrics.text(queue));
  }
}
