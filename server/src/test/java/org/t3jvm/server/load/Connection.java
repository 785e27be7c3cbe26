package org.t3jvm.server.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A connection to the server that stays open, for little processor time. */
final class Connection implements AutoCloseable {
  /** The server closes connections that are idle for somewhat longer. */
  private static final long FRESH = TimeUnit.SECONDS.toNanos(10);

  private final URI server;
  private Socket socket;
  private long used;

  Connection(URI server) throws IOException {
    this.server = server;
    this.socket = opened();
  }

  private Socket opened() throws IOException {
    Socket fresh = new Socket(server.getHost(), server.getPort());
    fresh.setTcpNoDelay(true);
    used = System.nanoTime();
    return fresh;
  }

  private void connect() throws IOException {
    if (System.nanoTime() - used > FRESH) {
      socket.close();
      socket = opened();
    }
    used = System.nanoTime();
  }

  /** Asks for a video, and takes the whole answer. */
  void ask(String id) throws IOException {
    connect();
    String request =
        "GET /v1/videos/%s HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(id, server.getAuthority());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    while (true) {
      int read = in.read(chunk);
      if (read < 0) {
        throw new IOException("the server has closed the connection");
      }
      bytes.write(chunk, 0, read);
      if (isWhole(bytes.toString(StandardCharsets.UTF_8), bytes.size(), id)) {
        return;
      }
    }
  }

  /** True of a whole answer; an answer that is not the video is an error. */
  private static boolean isWhole(String answer, int size, String id) throws IOException {
    int end = answer.indexOf("\r\n\r\n");
    if (end < 0) {
      return false;
    }
    int length = answer.indexOf("Content-length: ");
    if (!answer.startsWith("HTTP/1.1 200 ") || length < 0 || length > end) {
      throw new IOException("the answer is not of status 200: " + answer.lines().toList());
    }
    int value = length + "Content-length: ".length();
    int body = Integer.parseInt(answer.substring(value, answer.indexOf('\r', value)));
    if (size < end + 4 + body) {
      return false;
    }
    if (!answer.startsWith("{\"id\":\"%s\"".formatted(id), end + 4)) {
      throw new IOException("the answer is another video than " + id);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
