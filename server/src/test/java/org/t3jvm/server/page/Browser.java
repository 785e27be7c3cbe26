package org.t3jvm.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.json.RecordJson;
import tools.jackson.databind.JsonNode;

/** Headless Chromium, driven by chromedriver over the W3C protocol. */
final class Browser implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("successfully on port (\\d+)");
  private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
  private static final long SECONDS = 120;

  private final Process driver;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String session;

  private Browser(Process driver, int port) throws IOException, InterruptedException {
    this.driver = driver;
    String root = "http://127.0.0.1:%d/session".formatted(port);
    Map<String, Object> options =
        Map.of(
            "args",
            List.of("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"));
    JsonNode made =
        send(
            "POST",
            root,
            Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
    this.session = root + "/" + made.get("sessionId").asString();
  }

  /** Where the driver is; empty where there is none. */
  static Optional<Path> driver() {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
        .map(folder -> Path.of(folder, "chromedriver"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser open(Path driver) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(driver.toString(), "--port=0").redirectErrorStream(true).start();
    try {
      return new Browser(process, port(process));
    } catch (IOException | RuntimeException | InterruptedException e) {
      process.destroy();
      throw e;
    }
  }

  private static int port(Process process) throws IOException {
    BufferedReader reader = process.inputReader();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Matcher port = PORT.matcher(line);
      if (port.find()) {
        return Integer.parseInt(port.group(1));
      }
    }
    throw new IOException("chromedriver ended before it listened");
  }

  private JsonNode send(String method, String url, @Nullable Object body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(
                method,
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofString(RecordJson.mapper().writeValueAsString(body)))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as("%s %s: %s", url, body, response.body()).isEqualTo(200);
    return RecordJson.mapper().readTree(response.body()).get("value");
  }

  private JsonNode post(String command, Object body) throws IOException, InterruptedException {
    return send("POST", session + command, body);
  }

  void go(String url) throws IOException, InterruptedException {
    post("/url", Map.of("url", url));
  }

  void reload() throws IOException, InterruptedException {
    post("/refresh", Map.of());
  }

  /** Runs JavaScript, whose {@code return} is the answer. */
  JsonNode run(String script, Object... arguments) throws IOException, InterruptedException {
    return post("/execute/sync", Map.of("script", script, "args", List.of(arguments)));
  }

  /** Waits until JavaScript, an expression, is true. */
  void await(String condition) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!run("return Boolean(%s)".formatted(condition)).asBoolean()) {
      assertThat(System.nanoTime())
          .as(() -> "%s; the page: %s".formatted(condition, text()))
          .isLessThan(end);
      Thread.sleep(50);
    }
  }

  private String text() {
    try {
      return run("return document.body.innerText").asString();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private String find(String selector) throws IOException, InterruptedException {
    return post("/element", Map.of("using", "css selector", "value", selector))
        .get(ELEMENT)
        .asString();
  }

  void click(String selector) throws IOException, InterruptedException {
    post("/element/%s/click".formatted(find(selector)), Map.of());
  }

  /** Types into a field, as a person does. */
  void type(String selector, String text) throws IOException, InterruptedException {
    post("/element/%s/value".formatted(find(selector)), Map.of("text", text));
  }

  /** Types where the focus is. */
  void keys(String text) throws IOException, InterruptedException {
    List<Map<String, Object>> actions =
        text.codePoints()
            .mapToObj(Character::toString)
            .flatMap(
                key ->
                    Stream.of(
                        Map.<String, Object>of("type", "keyDown", "value", key),
                        Map.<String, Object>of("type", "keyUp", "value", key)))
            .toList();
    post(
        "/actions",
        Map.of("actions", List.of(Map.of("type", "key", "id", "keys", "actions", actions))));
  }

  /** Makes the page so wide and high, in pixels, and light or dark. */
  void show(int width, int height, boolean dark) throws IOException, InterruptedException {
    devtools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    devtools(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  private void devtools(String command, Map<String, Object> parameters)
      throws IOException, InterruptedException {
    post("/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  /** What the page looks like, as a PNG. */
  byte[] picture() throws IOException, InterruptedException {
    return Base64.getDecoder().decode(send("GET", session + "/screenshot", null).asString());
  }

  /** Errors that the page has logged since it was last asked. */
  List<String> errors() throws IOException, InterruptedException {
    JsonNode entries = post("/se/log", Map.of("type", "browser"));
    return entries.valueStream().map(entry -> entry.get("message").asString()).toList();
  }

  @Override
  public void close() {
    try {
      send("DELETE", session, null);
    } catch (IOException e) {
      // The driver is gone already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      driver.destroy();
      client.close();
    }
  }
}
