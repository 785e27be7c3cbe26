package org.t3jvm.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.t3jvm.server.ServerFixture.error;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.model.json.RecordJson;
import org.t3jvm.server.RawClient;
import org.t3jvm.server.ServerFixture;

/**
 * A server with a running job among clients that mean no good: the job continues, none is let in.
 */
class HostileClientsTest {
  private static final String TOKEN = "open sesame, open sesame";
  private static final long SEED = 18;
  private static final long MEMORY = 256L << 20;

  @TempDir private Path folder;
  private ServerFixture server;
  private String job;

  /** How many there are: this class takes a few, its subclass as many as a real attack has. */
  int connections() {
    return 30;
  }

  int requests() {
    return 200;
  }

  int listeners() {
    return 10;
  }

  /** Steps of the job that runs meanwhile. */
  int steps() {
    return 20;
  }

  @BeforeEach
  void start() throws Exception {
    server = ServerFixture.start(folder, TOKEN, 0);
    String body =
        """
        {"version":1,"text":{"prompt":"a red ball"},"size":{"height":32,"width":48,"frames":5},
         "sampling":{"steps":%d}}
        """
            .formatted(steps());
    HttpResponse<String> added =
        server.send(
            in(server.request("/v1/jobs"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    job = ServerFixture.ok(added).get("id").asString();
  }

  private static HttpRequest.Builder in(HttpRequest.Builder request) {
    return request.header("Authorization", "Bearer " + TOKEN);
  }

  /** The job continues and is the only one, and nothing failed inside. */
  @AfterEach
  void stop() throws Exception {
    long end = System.nanoTime() + 300_000_000_000L;
    String status = "";
    while (!status.equals("completed")) {
      status =
          ServerFixture.ok(server.send(in(server.request("/v1/videos/" + job))))
              .get("status")
              .asString();
      assertThat(status).isIn("queued", "in_progress", "completed");
      assertThat(System.nanoTime()).as(status).isLessThan(end);
      Thread.sleep(20);
    }
    HttpResponse<String> all = server.send(in(server.request("/v1/videos?limit=100")));
    assertThat(ServerFixture.ok(all).get("data").size()).isEqualTo(1);
    assertThat(server.defects()).isEmpty();
    server.close();
  }

  private static long heap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void connectionsThatNeverSendStandInNobodysWay() throws Exception {
    long before = heap();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < connections(); i++) {
        sockets.add(new Socket(InetAddress.getLoopbackAddress(), server.port()));
      }
      assertThat(server.send(in(server.request("/v1/queue"))).statusCode()).isEqualTo(200);
      assertThat(heap() - before).as("bytes of heap").isLessThan(MEMORY);
      whileTheyAreOpen(sockets);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** More that holds of idle connections, where there is time to wait for it. */
  void whileTheyAreOpen(List<Socket> sockets) throws IOException {
    assertThat(sockets).isNotEmpty();
  }

  @Test
  void malformedRequestsAreRefused() throws Exception {
    long before = heap();
    MalformedRequests requests = new MalformedRequests(SEED);
    String stranger = "Host: 127.0.0.1\nConnection: close\n";
    String known = stranger + "Authorization: Bearer %s\n".formatted(TOKEN);
    Map<Integer, Integer> strangers = new TreeMap<>();
    Map<Integer, Integer> friends = new TreeMap<>();
    for (int i = 0; i < requests(); i++) {
      boolean friend = i % 2 == 0;
      byte[] request = requests.next(friend ? known : stranger);
      String answer = RawClient.send(server.port(), request);
      int status = RawClient.status(answer);
      (friend ? friends : strangers).merge(status, 1, Integer::sum);
      assertThat(status)
          .as("seed %d, request %d: %s", SEED, i, printable(request))
          .isNotEqualTo(500);
      assertThat(answer).doesNotContain(folder.toString()).doesNotContain("org.t3jvm", "\tat ");
    }
    System.out.printf(
        "%d malformed requests, seed %d: statuses without the token %s, with it %s%n",
        requests(), SEED, strangers, friends);
    assertThat(strangers.keySet()).as("seed %d: none is let in", SEED).doesNotContain(200);
    assertThat(heap() - before).as("bytes of heap").isLessThan(MEMORY);
  }

  private static String printable(byte[] request) {
    return RecordJson.mapper()
        .writeValueAsString(new String(request, StandardCharsets.ISO_8859_1))
        .replaceAll("[^ -~]", "?");
  }

  @Test
  void bodiesOverTheLimitAreCutOff() throws Exception {
    byte[] large = new byte[20 << 20];
    for (String path : List.of("/v1/videos", "/v1/jobs", "/v1/plan")) {
      byte[] start =
          """
          POST %s HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: application/json\r
          Content-Length: %d\r
          \r
          """
              .formatted(path, TOKEN, large.length)
              .getBytes(StandardCharsets.UTF_8);
      byte[] request = new byte[start.length + large.length];
      System.arraycopy(start, 0, request, 0, start.length);
      // The connection may be closed before the answer can be read; nothing else may be answered.
      assertThat(RawClient.status(RawClient.send(server.port(), request))).isIn(0, 413);
    }
    String wide = "x".repeat(64 << 10);
    assertThat(
            RawClient.status(
                RawClient.send(
                    server.port(), "GET / HTTP/1.1\nHost: localhost\nX: %s\n\n".formatted(wide))))
        .isIn(0, 400, 431);
  }

  @Test
  void pathsInEveryFieldLeadNowhere() throws Exception {
    String path = "../../../../../../etc/passwd";
    for (String body :
        List.of(
            "{\"prompt\":\"a\",\"input_reference\":\"%s\"}",
            "{\"prompt\":\"a\",\"input_reference\":\"file://%s\"}",
            "{\"prompt\":\"a\",\"model\":\"%s\"}",
            "{\"prompt\":\"a\",\"size\":\"%s\"}",
            "{\"prompt\":\"a\",\"seconds\":\"%s\"}",
            "{\"prompt\":\"a\",\"seed\":\"%s\"}")) {
      refused("/v1/videos", body.formatted(path));
    }
    for (String field :
        List.of(
            "\"start\":{\"image\":\"%s\"}",
            "\"start\":{\"video\":\"%s\"}",
            "\"compute\":{\"loras\":[{\"file\":\"%s\",\"scale\":1}]}",
            "\"compute\":{\"backend\":\"%s\"}",
            "\"compute\":{\"weights\":\"%s\"}",
            "\"attention\":{\"kind\":\"%s\"}",
            "\"sampling\":{\"sampler\":\"%s\"}",
            "\"decoding\":{\"mode\":\"%s\"}")) {
      refused(
          "/v1/jobs",
          "{\"version\":1,\"text\":{\"prompt\":\"a\"},%s}".formatted(field.formatted(path)));
    }
    for (String raw :
        List.of(
            "/../../../etc/passwd",
            "/..%2f..%2fetc%2fpasswd",
            "/v1/videos/../../../etc/passwd",
            "/v1/videos/..%2f..%2f..%2fjob.json",
            "/v1/videos/" + job + "/../../lock",
            "/v1/videos/%00/content",
            "/page/../api/Api.class",
            "//etc/passwd")) {
      String answer =
          RawClient.send(
              server.port(),
              "GET %s HTTP/1.1\nHost: localhost\nAuthorization: Bearer %s\nConnection: close\n\n"
                  .formatted(raw, TOKEN));
      assertThat(RawClient.status(answer)).as(raw).isIn(0, 400, 404, 405);
      assertThat(answer).doesNotContain("root:");
    }
  }

  private void refused(String path, String body) throws Exception {
    HttpResponse<String> answer =
        server.send(
            in(server.request(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(error(400, answer).get("message").asString())
        .as(body)
        .doesNotContain(folder.toString())
        .doesNotContain("Exception")
        .doesNotContain("root:");
  }

  @Test
  void listenersThatStopReadingHoldNothingUp() throws Exception {
    long before = heap();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < listeners(); i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(server.server().address());
        socket
            .getOutputStream()
            .write(
                "GET /v1/videos/%s/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(job, TOKEN)
                    .getBytes(StandardCharsets.UTF_8));
        sockets.add(socket);
      }
      assertThat(server.send(in(server.request("/v1/queue"))).statusCode()).isEqualTo(200);
      assertThat(heap() - before).as("bytes of heap").isLessThan(MEMORY);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
