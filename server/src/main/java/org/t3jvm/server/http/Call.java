package org.t3jvm.server.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.json.RecordJson;

/** One request and its response. */
public final class Call {
  private static final int CHUNK = 64 << 10;

  private final HttpExchange exchange;
  private final Map<String, String> parameters;
  private final Patience patience;
  private int status;

  Call(HttpExchange exchange, Map<String, String> parameters, Patience patience) {
    this.exchange = exchange;
    this.parameters = parameters;
    this.patience = patience;
  }

  /** A part of the path, by its name in the route. */
  public String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** The first value of a name after the question mark. */
  public Optional<String> query(String name) {
    String raw = exchange.getRequestURI().getRawQuery();
    if (raw == null) {
      return Optional.empty();
    }
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals >= 0 && pair.substring(0, equals).equals(name)) {
        try {
          return Optional.of(URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  /**
   * A whole number after the question mark.
   *
   * @throws HttpFailure if it is none, or not within the bounds
   */
  public int query(String name, int otherwise, int least, int most) throws HttpFailure {
    String text = query(name).orElse(String.valueOf(otherwise));
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // As one out of bounds.
    }
    throw HttpFailure.invalid(name, "%s must be from %d to %d".formatted(name, least, most));
  }

  /** The first header of a name. */
  public @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  /**
   * The body as text.
   *
   * @param limit of bytes
   * @throws HttpFailure with status 413 if it is larger
   */
  public String body(int limit) throws IOException, HttpFailure {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    InputStream in = body();
    for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
      bytes.write(chunk, 0, read);
      if (bytes.size() > limit) {
        throw tooLarge(limit);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  static HttpFailure tooLarge(long limit) {
    return new HttpFailure(
        413, "too_large", "the body is too large, at most %d bytes are taken".formatted(limit));
  }

  /** The body as it comes. */
  InputStream body() {
    return new RequestBody(exchange.getRequestBody());
  }

  /** Sets a header of the response. */
  public void reply(String header, String value) {
    exchange.getResponseHeaders().set(header, value);
  }

  /** Answers with a value as JSON. */
  public void json(int code, Object value) throws IOException {
    bytes(code, "application/json", RecordJson.mapper().writeValueAsBytes(value));
  }

  /** Answers with a text. */
  public void text(int code, String type, String text) throws IOException {
    bytes(code, type, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with bytes. */
  public void bytes(int code, String type, byte[] bytes) throws IOException {
    reply("Content-Type", type);
    begin(code, bytes.length);
    if (!isHead()) {
      patience.finish(exchange.getResponseBody(), bytes);
    }
  }

  /** Answers without a body. */
  public void empty(int code) throws IOException {
    status = code;
    exchange.sendResponseHeaders(code, -1);
  }

  /**
   * Answers with a file, or the part of it that is asked for.
   *
   * @param tag that no other content of this path ever has (RFC 9110, section 8.8.3)
   */
  public void file(String type, Path file, String tag) throws IOException, HttpFailure {
    String quoted = "\"" + tag + "\"";
    reply("ETag", quoted);
    if (names(header("If-None-Match"), quoted)) {
      empty(304);
      return;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      String part = header("If-Range");
      Optional<ByteRange> range =
          part == null || part.strip().equals(quoted) ? range(size) : Optional.empty();
      reply("Content-Type", type);
      reply("Accept-Ranges", "bytes");
      ByteRange sent = range.orElse(new ByteRange(0, size - 1));
      if (range.isPresent()) {
        reply("Content-Range", "bytes %d-%d/%d".formatted(sent.first(), sent.last(), size));
      }
      begin(range.isPresent() ? 206 : 200, sent.length());
      if (!isHead()) {
        send(in, sent);
      }
    }
  }

  /** True if a list of tags is {@code *} or has one, weak or strong. */
  private static boolean names(@Nullable String list, String tag) {
    if (list == null) {
      return false;
    }
    for (String each : list.split(",", -1)) {
      String known = each.strip();
      if (known.equals("*") || known.equals(tag) || known.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  private Optional<ByteRange> range(long size) throws HttpFailure {
    try {
      return ByteRange.parse(header("Range"), size);
    } catch (HttpFailure e) {
      reply("Content-Range", "bytes */" + size);
      throw e;
    }
  }

  private void send(RandomAccessFile in, ByteRange range) throws IOException {
    byte[] chunk = new byte[CHUNK];
    in.seek(range.first());
    try (OutputStream out = out()) {
      long left = range.length();
      while (left > 0) {
        int read = in.read(chunk, 0, (int) Math.min(chunk.length, left));
        if (read < 0) {
          throw new IOException("the file has become shorter");
        }
        out.write(chunk, 0, read);
        left -= read;
      }
    }
  }

  /** Begins an answer of unknown length; the stream is the body. */
  public OutputStream stream(String type) throws IOException {
    reply("Content-Type", type);
    status = 200;
    exchange.sendResponseHeaders(200, 0);
    return out();
  }

  private void begin(int code, long length) throws IOException {
    status = code;
    if (isHead()) {
      reply("Content-Length", String.valueOf(length));
      exchange.sendResponseHeaders(code, -1);
    } else {
      exchange.sendResponseHeaders(code, length == 0 ? -1 : length);
    }
  }

  private OutputStream out() {
    return patience.watch(exchange.getResponseBody());
  }

  private boolean isHead() {
    return exchange.getRequestMethod().equals("HEAD");
  }

  /** The status that was sent; 0 before. */
  int status() {
    return status;
  }

  HttpExchange exchange() {
    return exchange;
  }
}
