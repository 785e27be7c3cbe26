package org.t3jvm.bench.run;

import java.io.IOException;

/** One of those who take turns at a case. */
interface Contender extends AutoCloseable {
  /** As in reports. */
  String name();

  /**
   * One repetition.
   *
   * @throws IOException if a file that the case reads cannot be read
   */
  void run() throws IOException;

  @Override
  void close() throws IOException;
}
