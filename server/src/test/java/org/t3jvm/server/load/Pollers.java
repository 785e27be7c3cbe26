package org.t3jvm.server.load;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask for a video each, again and again, over a connection that stays open. They are
 * written for little processor time, as they share a machine with the server that they measure.
 */
final class Pollers implements AutoCloseable {
  /** How often a client asks. */
  enum Pace {
    NEVER,
    EVERY_SECOND,
    AT_ONCE
  }

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final URI server;
  private final IntFunction<String> videos;
  private final List<Thread> threads = new ArrayList<>();
  private final List<Long> waits = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong answers = new AtomicLong();
  private volatile Pace pace = Pace.NEVER;
  private volatile @Nullable IOException failure;

  /**
   * Clients that wait for their pace.
   *
   * @param videos the id that the client of a number asks for next
   */
  Pollers(URI server, int count, IntFunction<String> videos) {
    this.server = server;
    this.videos = videos;
    for (int i = 0; i < count; i++) {
      int number = i;
      long offset = SECOND * i / count;
      threads.add(Thread.ofPlatform().start(() -> poll(number, offset)));
    }
  }

  synchronized void pace(Pace next) {
    pace = next;
    notifyAll();
  }

  private synchronized void awaitWork() throws InterruptedException {
    while (pace == Pace.NEVER) {
      wait();
    }
  }

  /** Answers so far, at any pace. */
  long answers() {
    return answers.get();
  }

  /**
   * Nanoseconds from when a request of {@link Pace#EVERY_SECOND} was due to its whole answer.
   *
   * @throws IOException if a client was not answered
   */
  List<Long> waits() throws IOException {
    IOException failed = failure;
    if (failed != null) {
      throw new IOException("a client was not answered", failed);
    }
    synchronized (waits) {
      return List.copyOf(waits);
    }
  }

  private void poll(int number, long offset) {
    try (Connection connection = new Connection(server)) {
      long due = slot(offset);
      while (true) {
        switch (pace) {
          case NEVER -> {
            awaitWork();
            due = slot(offset);
          }
          case AT_ONCE -> {
            connection.ask(videos.apply(number));
            answers.incrementAndGet();
            due = slot(offset);
          }
          case EVERY_SECOND -> {
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            if (pace == Pace.EVERY_SECOND) {
              connection.ask(videos.apply(number));
              answers.incrementAndGet();
              waits.add(System.nanoTime() - due);
              due += SECOND;
            }
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      failure = e;
    }
  }

  /** The next time that is a whole number of seconds from a client's offset. */
  private static long slot(long offset) {
    long now = System.nanoTime();
    return now + SECOND - Math.floorMod(now - offset, SECOND);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }
}
