package org.t3jvm.server.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events, as the HTML standard writes them. */
public final class EventStream implements AutoCloseable {
  private final OutputStream out;

  private EventStream(OutputStream out) {
    this.out = out;
  }

  /** Answers a request with events. */
  public static EventStream open(Call call) throws IOException {
    call.reply("X-Accel-Buffering", "no");
    return new EventStream(call.stream("text/event-stream"));
  }

  /**
   * Sends an event.
   *
   * @param data in one line
   */
  public void send(long id, String type, String data) throws IOException {
    write("id: %d\nevent: %s\ndata: %s\n\n".formatted(id, type, data));
  }

  /** Finds out whether the client is still there, and shows it that the server is. */
  public void beat() throws IOException {
    write(":\n\n");
  }

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
