package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;

/** {@code t3 pull} as a user runs it. */
class PullCommandTest {
  /** Git's own hash of a blob of "hello" and a line feed. */
  private static final String HELLO = "ce013625030ba8dba906f756967f9e9ca394464a";

  @TempDir Path dir;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> answer(exchange, 404, ""));
    server.createContext(
        "/api/models/gpt/tree/",
        exchange ->
            answer(
                exchange,
                exchange.getRequestURI().getRawPath().endsWith("/refs%2Fpr%2F1") ? 200 : 404,
                "[{\"type\":\"file\",\"path\":\"a.txt\",\"size\":6,\"oid\":\"" + HELLO + "\"}]"));
    server.createContext("/gpt/resolve", exchange -> answer(exchange, 200, "hello\n"));
    server.start();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String t3(int expected, String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] args = new String[more.length + 5];
    args[0] = "pull";
    args[1] = "--endpoint";
    args[2] = "http://127.0.0.1:" + server.getAddress().getPort();
    args[3] = "--out";
    args[4] = dir.resolve("out").toString();
    System.arraycopy(more, 0, args, 5, more.length);
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    assertThat(status).as(err.toString()).isEqualTo(expected);
    return err.toString();
  }

  @Test
  void filesComeAndAreCounted() {
    assertThat(t3(0, "gpt", "--revision", "refs/pr/1"))
        .contains("1 files, 6 B", "a.txt, 6 B of 6 B", "1 files downloaded, 0 there already");
    assertThat(dir.resolve("out/a.txt")).hasContent("hello\n");
    assertThat(t3(0, "gpt", "--revision", "refs/pr/1", "--quiet")).isEmpty();
  }

  @Test
  void failuresAreOneLine() {
    assertThat(t3(1, "org/none").strip())
        .hasLineCount(1)
        .contains("'org/none' (main) does not exist");
    assertThat(t3(2, "a/b/c")).contains("'a/b/c' is no repository");
    assertThat(t3(2, "a/b", "--connections", "0")).contains("--connections is 0");
    assertThat(dir).isEmptyDirectory();
  }
}
