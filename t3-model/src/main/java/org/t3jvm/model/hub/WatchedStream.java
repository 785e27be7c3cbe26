package org.t3jvm.model.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** A server's answer that fails, where the JDK's would wait for ever, if no byte comes any more. */
final class WatchedStream extends FilterInputStream {
  private static final long NOT_READING = Long.MIN_VALUE;

  private final Duration limit;
  private final ScheduledFuture<?> check;
  private volatile long readingSince = NOT_READING;
  private volatile boolean stalled;

  /**
   * @param limit how long a read may take
   */
  WatchedStream(InputStream in, Duration limit, ScheduledExecutorService clock) {
    super(in);
    this.limit = limit;
    long period = Math.max(1, limit.toMillis() / 4);
    this.check = clock.scheduleAtFixedRate(this::check, period, period, TimeUnit.MILLISECONDS);
  }

  private void check() {
    long since = readingSince;
    if (since != NOT_READING && System.nanoTime() - since > limit.toNanos()) {
      stalled = true;
      try {
        in.close();
      } catch (IOException e) {
        // The read that waits fails in any case.
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    readingSince = System.nanoTime();
    try {
      int n = in.read(bytes, offset, length);
      if (n < 0 && stalled) {
        throw new IOException("closed");
      }
      return n;
    } catch (IOException e) {
      throw stalled ? new IOException("no byte came for %d s".formatted(limit.toSeconds()), e) : e;
    } finally {
      readingSince = NOT_READING;
    }
  }

  @Override
  public void close() throws IOException {
    check.cancel(false);
    in.close();
  }
}
