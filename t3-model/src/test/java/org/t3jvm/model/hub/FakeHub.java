package org.t3jvm.model.hub;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A server that speaks the hub's protocol on this machine, with faults on order. */
final class FakeHub implements AutoCloseable {
  /** One thing that goes wrong with one answer for a file. */
  interface Fault {
    /** True if it has answered. */
    boolean answer(HttpExchange exchange, byte[] content) throws IOException;
  }

  record Seen(
      String host,
      String path,
      @Nullable String authorization,
      @Nullable String proxyAuthorization,
      @Nullable String range) {}

  private static final String LISTING = "/api/models/org/tiny/tree/main";

  final Map<String, byte[]> files = new TreeMap<>();
  final Queue<Fault> faults = new ConcurrentLinkedQueue<>();
  final List<Seen> seen = Collections.synchronizedList(new ArrayList<>());
  int pageSize = 1000;
  boolean ranges = true;
  boolean redirects;
  @Nullable String token;
  String listingSuffix = "";
  @Nullable String link;
  boolean emptyPages;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final HttpServer server = start();
  private final HttpServer cdn = start();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  FakeHub() {
    server.createContext("/", this::handle);
    cdn.createContext("/", this::handleCdn);
    for (HttpServer each : List.of(server, cdn)) {
      each.setExecutor(threads);
      each.start();
    }
  }

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  String endpoint() {
    return address(server);
  }

  private static String address(HttpServer of) {
    return "http://127.0.0.1:" + of.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      note("hub", exchange);
      String path = exchange.getRequestURI().getPath();
      if (token != null
          && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (path.equals(LISTING)) {
        list(exchange);
      } else if (path.startsWith("/org/tiny/resolve/main/")) {
        String name = path.substring("/org/tiny/resolve/main/".length());
        if (redirects) {
          exchange
              .getResponseHeaders()
              .set("Location", address(cdn) + "/blob/" + HubClient.encodePath(name));
          exchange.sendResponseHeaders(302, -1);
        } else {
          content(exchange, file(name));
        }
      } else {
        exchange.getResponseHeaders().set("X-Error-Code", "RepoNotFound");
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void handleCdn(HttpExchange exchange) throws IOException {
    try (exchange) {
      note("cdn", exchange);
      content(exchange, file(exchange.getRequestURI().getPath().substring("/blob/".length())));
    }
  }

  private byte[] file(String name) {
    return requireNonNull(files.get(name), name);
  }

  private void note(String host, HttpExchange exchange) {
    seen.add(
        new Seen(
            host,
            exchange.getRequestURI().getPath(),
            exchange.getRequestHeaders().getFirst("Authorization"),
            exchange.getRequestHeaders().getFirst("Proxy-Authorization"),
            exchange.getRequestHeaders().getFirst("Range")));
  }

  private void list(HttpExchange exchange) throws IOException {
    if (emptyPages) {
      exchange
          .getResponseHeaders()
          .set("Link", "<%s?n=%d>; rel=\"next\"".formatted(endpoint() + LISTING, seen.size()));
      exchange.sendResponseHeaders(200, 2);
      exchange.getResponseBody().write("[]".getBytes(StandardCharsets.UTF_8));
      return;
    }
    if (link != null) {
      exchange.getResponseHeaders().set("Link", link);
    }
    String query = exchange.getRequestURI().getQuery();
    int cursor =
        query.contains("cursor=") ? Integer.parseInt(query.replaceAll(".*cursor=", "")) : 0;
    List<String> names = List.copyOf(files.keySet());
    List<String> entries = new ArrayList<>();
    entries.add("{\"type\": \"directory\", \"oid\": \"0\", \"size\": 0, \"path\": \"folder\"}");
    for (String name : names.subList(cursor, Math.min(names.size(), cursor + pageSize))) {
      entries.add(entry(name, file(name)));
    }
    if (cursor + pageSize < names.size()) {
      exchange
          .getResponseHeaders()
          .set(
              "Link",
              "<%s/api/models/org/tiny/tree/main?recursive=true&cursor=%d>; rel=\"next\""
                  .formatted(endpoint(), cursor + pageSize));
    }
    byte[] body =
        ("[" + String.join(",", entries) + listingSuffix + "]").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Files of more than 1000 bytes are in large-file storage. */
  private static String entry(String name, byte[] bytes) {
    String blob = "blob " + bytes.length + "\0";
    String git = hash("SHA-1", blob.getBytes(StandardCharsets.US_ASCII), bytes);
    String lfs =
        ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 130}"
            .formatted(hash("SHA-256", new byte[0], bytes), bytes.length);
    return "{\"type\": \"file\", \"oid\": \"%s\", \"size\": %d, \"path\": \"%s\"%s}"
        .formatted(git, bytes.length, name, bytes.length > 1000 ? lfs : "");
  }

  private static String hash(String algorithm, byte[] head, byte[] bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      digest.update(head);
      return HexFormat.of().formatHex(digest.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void content(HttpExchange exchange, byte[] content) throws IOException {
    Fault fault = faults.poll();
    if (fault != null && fault.answer(exchange, content)) {
      return;
    }
    byte[] body = part(exchange, content, ranges);
    exchange.sendResponseHeaders(ranges ? 206 : 200, body.length);
    exchange.getResponseBody().write(body);
  }

  /** The bytes that are asked for; with ranges, the header is set. */
  static byte[] part(HttpExchange exchange, byte[] content, boolean ranges) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (!ranges || range == null) {
      return content;
    }
    String[] ends = range.substring("bytes=".length()).split("-", 2);
    int from = Integer.parseInt(ends[0]);
    int to = Math.min(content.length - 1, Integer.parseInt(ends[1]));
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, to, content.length));
    return Arrays.copyOfRange(content, from, to + 1);
  }

  /** Ends the connection after half of what was announced. */
  Fault cut() {
    return (exchange, content) -> {
      byte[] body = part(exchange, content, ranges);
      exchange.sendResponseHeaders(ranges ? 206 : 200, body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
      return true;
    };
  }

  /** Stops after half of what was announced, with the connection open, until the server ends. */
  Fault stall() {
    return (exchange, content) -> {
      byte[] body = part(exchange, content, ranges);
      exchange.sendResponseHeaders(ranges ? 206 : 200, body.length);
      exchange.getResponseBody().write(body, 0, body.length / 2);
      exchange.getResponseBody().flush();
      try {
        ended.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return true;
    };
  }

  /** Another byte in the middle. */
  Fault corrupt() {
    return (exchange, content) -> {
      byte[] body = part(exchange, content, ranges).clone();
      body[body.length / 2] ^= 1;
      exchange.sendResponseHeaders(ranges ? 206 : 200, body.length);
      exchange.getResponseBody().write(body);
      return true;
    };
  }

  /** A status, with or without a time to wait. */
  static Fault status(int status, @Nullable String retryAfter) {
    return (exchange, content) -> {
      if (retryAfter != null) {
        exchange.getResponseHeaders().set("Retry-After", retryAfter);
      }
      exchange.sendResponseHeaders(status, -1);
      return true;
    };
  }

  /** Another size of the whole file. */
  static Fault otherTotal() {
    return (exchange, content) -> {
      byte[] body = part(exchange, content, true);
      String range = exchange.getResponseHeaders().getFirst("Content-Range");
      exchange
          .getResponseHeaders()
          .set("Content-Range", range.replaceAll("/.*", "/" + (content.length + 1)));
      exchange.sendResponseHeaders(206, body.length);
      exchange.getResponseBody().write(body);
      return true;
    };
  }

  @Override
  public void close() {
    ended.countDown();
    server.stop(0);
    cdn.stop(0);
    threads.shutdownNow();
  }
}
