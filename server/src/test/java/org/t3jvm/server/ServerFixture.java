package org.t3jvm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.t3jvm.job.Compute;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.databind.JsonNode;

/** A server of the embedded model in this process, and a client of it. */
public final class ServerFixture implements AutoCloseable {
  /** A video that is made in a moment. */
  public static final String SMALL =
      "{\"version\":1,\"text\":{\"prompt\":\"a red ball\"},\"size\":{\"height\":32,\"width\":48,"
          + "\"frames\":5},\"sampling\":{\"steps\":2,\"seed\":%d}}";

  private static final long SECONDS = 60;

  private final T3Server server;
  private final HttpClient client = HttpClient.newHttpClient();

  private final List<Throwable> defects;

  private ServerFixture(T3Server server, List<Throwable> defects) {
    this.server = server;
    this.defects = defects;
  }

  /** Starts a server over a data folder. */
  public static ServerFixture start(Path data) throws IOException {
    return start(data, null, 0);
  }

  /** Starts a server that wants a token and keeps some jobs alone. */
  public static ServerFixture start(Path data, @Nullable String token, int keep)
      throws IOException {
    ServerOptions options =
        new ServerOptions(
            "127.0.0.1", 0, data, data.resolve("loras"), token, List.of("t3.example"), keep);
    List<Throwable> defects = new CopyOnWriteArrayList<>();
    return new ServerFixture(
        T3Server.start(
            ModelSource.EMBEDDED,
            RunOptions.DEFAULT,
            Compute.DEFAULT,
            options,
            note -> {},
            defects::add),
        defects);
  }

  public T3Server server() {
    return server;
  }

  /** What no request and no job should have failed with. */
  public List<Throwable> defects() {
    return defects;
  }

  public int port() {
    return server.address().getPort();
  }

  /** A request of a path, to be completed. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port(), path)));
  }

  public HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  public HttpResponse<byte[]> bytes(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** What a path answers, which must be 200. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return ok(send(request(path)));
  }

  /** Posts JSON. */
  public HttpResponse<String> post(String path, String json)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** The JSON of an answer, which must be of status 200. */
  public static JsonNode ok(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return RecordJson.mapper().readTree(response.body());
  }

  /** The error of an answer, which must be of a status. */
  public static JsonNode error(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return RecordJson.mapper().readTree(response.body()).get("error");
  }

  /** The id of a new small video. */
  public String add(int seed) throws IOException, InterruptedException {
    return ok(post("/v1/jobs", SMALL.formatted(seed))).get("id").asString();
  }

  /** Waits until a video is of a status. */
  public JsonNode await(String id, String status) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (true) {
      JsonNode video = get("/v1/videos/" + id);
      if (video.get("status").asString().equals(status)) {
        return video;
      }
      assertThat(System.nanoTime()).as(video.toString()).isLessThan(end);
      Thread.sleep(10);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
  }
}
