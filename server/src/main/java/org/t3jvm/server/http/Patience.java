package org.t3jvm.server.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Cuts off clients that do not read: a thread that writes for too long is interrupted, which closes
 * its connection. The JDK's server alone would let it wait for ever.
 */
final class Patience implements AutoCloseable {
  private static final long SWEEP_MILLIS = 500;

  private final long nanos;
  private final Set<Write> writes = ConcurrentHashMap.newKeySet();
  private final Thread sweeper;
  private volatile boolean closed;

  /**
   * Begins to watch.
   *
   * @param most that one write may take
   */
  Patience(Duration most) {
    this.nanos = most.toNanos();
    this.sweeper = Thread.ofVirtual().name("t3-patience").start(this::sweep);
  }

  private void sweep() {
    try {
      while (!closed) {
        Thread.sleep(SWEEP_MILLIS);
        writes.forEach(Write::check);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The same stream; its writes fail if the client is too slow. */
  OutputStream watch(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        within(() -> out.write(b));
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        within(() -> out.write(bytes, offset, length));
      }

      @Override
      public void flush() throws IOException {
        within(out::flush);
      }

      @Override
      public void close() throws IOException {
        within(out::close);
      }
    };
  }

  /** Writes all that is left of a stream, and closes it. */
  void finish(OutputStream out, byte[] bytes) throws IOException {
    within(
        () -> {
          out.write(bytes);
          out.close();
        });
  }

  private interface Io {
    void run() throws IOException;
  }

  private void within(Io io) throws IOException {
    Write write = new Write(Thread.currentThread(), System.nanoTime() + nanos);
    writes.add(write);
    boolean late;
    try {
      io.run();
    } finally {
      writes.remove(write);
      late = write.end();
    }
    if (late) {
      throw new IOException("the client is too slow");
    }
  }

  private static final class Write {
    private final Thread thread;
    private final long deadline;
    private boolean ended;
    private boolean late;

    Write(Thread thread, long deadline) {
      this.thread = thread;
      this.deadline = deadline;
    }

    synchronized void check() {
      if (!ended && !late && System.nanoTime() - deadline > 0) {
        late = true;
        thread.interrupt();
      }
    }

    /** True if the write was too late; the thread is not interrupted any more. */
    synchronized boolean end() {
      ended = true;
      if (late) {
        Thread.interrupted();
      }
      return late;
    }
  }

  @Override
  public void close() {
    closed = true;
    sweeper.interrupt();
  }
}
