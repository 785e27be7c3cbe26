package org.t3jvm.cli.option;

import org.t3jvm.job.RunOptions;
import picocli.CommandLine.Option;

/** Options that say what of the machine a training uses, and what is printed. */
public final class WorkerOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads; the result does not depend on it (default: one a processor).")
  private int threads;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  public boolean quiet;

  /** How the machine is used. */
  public RunOptions options() {
    return new RunOptions(threads, 0, 0, null, 0, null, null);
  }
}
