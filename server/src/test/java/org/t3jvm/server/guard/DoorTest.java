package org.t3jvm.server.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.t3jvm.server.ServerFixture.error;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.Compute;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.RunOptions;
import org.t3jvm.server.RawClient;
import org.t3jvm.server.ServerFixture;
import org.t3jvm.server.ServerOptions;
import org.t3jvm.server.T3Server;

/** Who is let in, and who is not. */
class DoorTest {
  private static final String TOKEN = "open sesame, open sesame";
  private static final Set<String> OPEN =
      Set.of("/healthz", "/login", "/openapi.json", "/", "/icon.svg");

  @TempDir private static Path folder;
  private static ServerFixture server;

  @BeforeAll
  static void start() throws Exception {
    server = ServerFixture.start(folder.resolve("data"), TOKEN, 0);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void withoutTheTokenOnlyThePageTheLoginAndTheDocumentAreOpen() throws Exception {
    int closed = 0;
    for (Map.Entry<String, List<String>> route : server.server().routes().entrySet()) {
      String path = route.getKey().replace("{id}", "video_" + "0".repeat(32));
      if (OPEN.contains(path) || path.endsWith(".js") || path.endsWith(".css")) {
        continue;
      }
      for (String method : route.getValue()) {
        for (String header : List.of("Bearer ", "Bearer open sesame", "Basic " + TOKEN, TOKEN)) {
          HttpResponse<String> answer =
              server.send(
                  server
                      .request(path)
                      .header("Authorization", header)
                      .method(method, BodyPublishers.ofString("{}")));
          error(401, answer);
          assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        }
        closed++;
      }
    }
    assertThat(closed).isGreaterThanOrEqualTo(15);
  }

  @Test
  void theTokenLetsIn() throws Exception {
    assertThat(status("Authorization", "Bearer " + TOKEN)).isEqualTo(200);
    assertThat(status("Cookie", "t3=" + TOKEN)).isEqualTo(401);
    HttpResponse<String> login = server.post("/login", "{\"token\":\"%s\"}".formatted(TOKEN));
    assertThat(login.statusCode()).isEqualTo(204);
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
    assertThat(status("Cookie", "other=1; " + cookie.split(";", -1)[0])).isEqualTo(200);
    error(401, server.post("/login", "{\"token\":\"open sesame\"}"));
    error(401, server.post("/login", "{}"));
  }

  @Test
  void aLinkIsGoodOnce() throws Exception {
    String key = server.server().newKey().orElseThrow();
    HttpResponse<String> first = server.send(server.request("/login?key=" + key));
    assertThat(first.statusCode()).isEqualTo(303);
    assertThat(first.headers().firstValue("Set-Cookie")).isPresent();
    error(401, server.send(server.request("/login?key=" + key)));
    error(401, server.send(server.request("/login?key=")));
    error(401, server.send(server.request("/login")));
  }

  private static int status(String header, String value) throws Exception {
    return server.send(server.request("/v1/queue").header(header, value)).statusCode();
  }

  private static int raw(String method, String path, String headers) throws Exception {
    return RawClient.status(
        RawClient.send(
            server.port(),
            "%s %s HTTP/1.1\nAuthorization: Bearer %s\n%s\n"
                .formatted(method, path, TOKEN, headers)));
  }

  @Test
  void otherNamesOfThisMachineAreRefused() throws Exception {
    int port = server.port();
    for (String good :
        List.of("127.0.0.1:" + port, "localhost:" + port, "LOCALHOST", "[::1]:1", "t3.example")) {
      assertThat(raw("GET", "/v1/queue", "Host: %s\n".formatted(good))).as(good).isEqualTo(200);
    }
    for (String bad :
        List.of("evil.example", "127.0.0.1.evil.example", "evil.example:" + port, "10.0.0.1", "")) {
      assertThat(raw("GET", "/v1/queue", "Host: %s\n".formatted(bad))).as(bad).isEqualTo(421);
      assertThat(raw("GET", "/", "Host: %s\n".formatted(bad))).as(bad).isEqualTo(421);
    }
    assertThat(raw("GET", "/v1/queue", "")).isEqualTo(421);
    assertThat(raw("GET", "/v1/queue", "Host: localhost\nHost: evil.example\n")).isEqualTo(421);
  }

  @Test
  void pagesOfOtherSitesAreRefused() throws Exception {
    String host = "Host: localhost:80\n";
    assertThat(raw("GET", "/v1/queue", host + "Origin: http://localhost:80\n")).isEqualTo(200);
    assertThat(raw("GET", "/v1/queue", host + "Origin: https://localhost:80\n")).isEqualTo(200);
    for (String origin :
        List.of("http://evil.example", "null", "http://localhost", "http://localhost:80.evil")) {
      String headers = host + "Origin: %s\n".formatted(origin);
      assertThat(raw("GET", "/v1/queue", headers)).as(origin).isEqualTo(403);
      assertThat(raw("POST", "/v1/videos", headers)).as(origin).isEqualTo(403);
    }
    assertThat(raw("GET", "/v1/queue", host + "Sec-Fetch-Site: cross-site\n")).isEqualTo(403);
    assertThat(raw("GET", "/v1/queue", host + "Sec-Fetch-Site: same-site\n")).isEqualTo(403);
    assertThat(raw("GET", "/v1/queue", host + "Sec-Fetch-Site: same-origin\n")).isEqualTo(200);
    String link = host + "Sec-Fetch-Site: cross-site\nSec-Fetch-Mode: navigate\n";
    assertThat(raw("GET", "/", link)).isEqualTo(200);
    assertThat(raw("POST", "/v1/videos", link)).isEqualTo(403);
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws Exception {
    HttpResponse<String> page = server.send(server.request("/"));
    assertThat(page.headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy)
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http"));
    assertThat(page.body()).doesNotContain("http://", "https://", "<script>", "style=");
  }

  @Test
  void otherMachinesNeedATokenThatIsLong() {
    assertThatThrownBy(() -> start("0.0.0.0", null)).hasMessageContaining("needs a token");
    assertThatThrownBy(() -> start("127.0.0.1", "short")).hasMessageContaining("at least 16");
  }

  private static void start(String host, @Nullable String token) throws Exception {
    Path data = folder.resolve("none");
    T3Server.start(
            ModelSource.EMBEDDED,
            RunOptions.DEFAULT,
            Compute.DEFAULT,
            new ServerOptions(host, 0, data, data, token, List.of(), 0),
            note -> {},
            defect -> {})
        .close();
  }
}
