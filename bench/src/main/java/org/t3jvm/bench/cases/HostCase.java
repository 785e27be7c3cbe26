package org.t3jvm.bench.cases;

import java.io.IOException;

/** Something that runs on the host alone, without a backend. */
public record HostCase(
    Suite suite, String name, String shape, Metric metric, double work, Opener opener)
    implements BenchCase {

  /** Prepares the case. */
  @FunctionalInterface
  public interface Opener {
    /**
     * What is to be repeated, with all that it needs.
     *
     * @throws IOException if its files cannot be written or read
     */
    Task open() throws IOException;
  }

  /** One prepared case. Close deletes what it made. */
  public interface Task extends AutoCloseable {
    /**
     * One repetition.
     *
     * @throws IOException if a file cannot be read
     */
    void run() throws IOException;

    @Override
    void close() throws IOException;
  }

  @Override
  public boolean large() {
    return false;
  }
}
