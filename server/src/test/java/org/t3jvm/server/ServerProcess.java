package org.t3jvm.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.Main;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.databind.JsonNode;

/** {@code t3 serve} of the embedded model in a process of its own, and a client of it. */
public final class ServerProcess implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("serving at (http://\\S+)/");

  private final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;

  private ServerProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /** Starts a server over a data folder, and returns when it answers. */
  public static ServerProcess start(Path data) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:MaxNewSize=128m",
                "-XX:+UseParallelGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--port",
                "0",
                "--data",
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return new ServerProcess(process, url.group(1));
      }
    }
    throw new IOException("the server ended before it listened");
  }

  /** The process that serves. */
  public long pid() {
    return process.pid();
  }

  /** Such as {@code http://127.0.0.1:8188}. */
  public String url() {
    return url;
  }

  /** What a path answers. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return call("GET", path, null);
  }

  /** What a path answers to JSON. */
  public JsonNode post(String path, String json) throws IOException, InterruptedException {
    return call("POST", path, json);
  }

  private JsonNode call(String method, String path, @Nullable String json)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .build();
    return RecordJson.mapper().readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  /** Kills the server as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    client.close();
  }
}
