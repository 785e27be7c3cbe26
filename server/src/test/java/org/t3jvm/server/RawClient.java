package org.t3jvm.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends bytes that no client library would, and reads what comes back. */
public final class RawClient {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final int MOST = 1 << 20;

  private RawClient() {}

  /** The answer to bytes, after which nothing more is sent; empty if there is none. */
  public static String send(int port, byte[] request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        return read(socket.getInputStream());
      } catch (IOException e) {
        // The server has closed the connection before all was sent or read.
        return "";
      }
    }
  }

  /** The answer to a text, whose lines end as HTTP's do. */
  public static String send(int port, String request) throws IOException {
    return send(port, request.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    for (int read = in.read(chunk); read >= 0 && bytes.size() < MOST; read = in.read(chunk)) {
      bytes.write(chunk, 0, read);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** The status of an answer; 0 if there is none. */
  public static int status(String answer) {
    return answer.startsWith("HTTP/1.1 ") && answer.length() >= 12
        ? Integer.parseInt(answer.substring(9, 12))
        : 0;
  }
}
