package org.t3jvm.server.api;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.Router;
import org.t3jvm.server.queue.JobQueue;

/**
 * What the server is and does: {@code /v1/queue}, {@code /healthz}, {@code /metrics} and {@code
 * /openapi.json}.
 */
final class StatusApi {
  private final JobQueue queue;
  private final Metrics metrics;
  private final byte[] document = Resources.read("api/openapi.json");

  StatusApi(JobQueue queue, Metrics metrics) {
    this.queue = queue;
    this.metrics = metrics;
  }

  void addTo(Router router) {
    router
        .on("GET", "/v1/queue", this::order)
        .open("GET", "/healthz", call -> call.text(200, "text/plain", "ok\n"))
        .on("GET", "/metrics", this::metrics)
        .open("GET", "/openapi.json", call -> call.bytes(200, "application/json", document));
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
