package org.t3jvm.server.load;

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
  private final byte[] answer = new byte[16 << 10];

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
        "GET /v1/videos/" + id + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    int size = 0;
    do {
      int read = in.read(answer, size, answer.length - size);
      if (read <= 0) {
        throw new IOException("the server has closed the connection, or the answer is too large");
      }
      size += read;
    } while (!isWhole(new String(answer, 0, size, StandardCharsets.ISO_8859_1), id));
  }

  /** True of a whole answer; an answer that is not the video is an error. */
  private static boolean isWhole(String answer, String id) throws IOException {
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
    if (answer.length() < end + 4 + body) {
      return false;
    }
    if (!answer.startsWith("{\"id\":\"" + id + '"', end + 4)) {
      throw new IOException("the answer is another video than " + id);
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
