package org.t3jvm.bench.run;

import java.io.IOException;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.HostCase;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;

/** One case ready to be repeated alone, for those who time it themselves. */
public abstract class OpenCase implements AutoCloseable {
  private OpenCase() {}

  /**
   * Prepares a case on a backend of ours; a host case ignores backend and threads.
   *
   * @throws IOException if the case's files cannot be written or read
   */
  public static OpenCase of(BenchCase benchCase, String backend, int threads) throws IOException {
    return switch (benchCase) {
      case GraphCase graphCase -> onBackend(graphCase, backend, threads);
      case HostCase hostCase -> onHost(hostCase.opener().open());
    };
  }

  private static OpenCase onBackend(GraphCase graphCase, String name, int threads) {
    Backend backend = Backends.named(name).open(new BackendOptions(threads));
    CaseData data = CaseData.of(graphCase);
    GraphContender contender = new GraphContender(name, backend, data.graph(), data);
    return new OpenCase() {
      @Override
      public void run() {
        contender.run();
      }

      @Override
      public void close() {
        contender.close();
        backend.close();
        data.close();
      }
    };
  }

  private static OpenCase onHost(HostCase.Task task) {
    return new OpenCase() {
      @Override
      public void run() throws IOException {
        task.run();
      }

      @Override
      public void close() throws IOException {
        task.close();
      }
    };
  }

  /**
   * One repetition.
   *
   * @throws IOException if a file cannot be read
   */
  public abstract void run() throws IOException;

  @Override
  public abstract void close() throws IOException;
}
