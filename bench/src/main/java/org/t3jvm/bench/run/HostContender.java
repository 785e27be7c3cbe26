package org.t3jvm.bench.run;

import java.io.IOException;
import org.t3jvm.bench.cases.HostCase;

/** What runs on the host alone. */
record HostContender(String name, HostCase.Task task) implements Contender {
  @Override
  public void run() throws IOException {
    task.run();
  }

  @Override
  public void close() throws IOException {
    task.close();
  }
}
