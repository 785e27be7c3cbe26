package org.t3jvm.cli.train;

import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.option.BackendOption;
import org.t3jvm.cli.option.DeviceOption;
import org.t3jvm.job.RunOptions;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.train.TrainingJob;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say what of the machine a training uses, and what is printed. */
public final class WorkerOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "What computes, see t3 devices; rounding differs (default: cpu).")
  private @Nullable String backend;

  @Mixin private final DeviceOption device = new DeviceOption();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads; the result does not depend on it (default: one a processor).")
  private int threads;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Memory for the training, such as 12g; where it is short, values are computed twice"
              + " (default: what is free).")
  private @Nullable String memory;

  @Option(
      names = "--plan",
      description = "Print what the training takes of work, memory and time, and read no data.")
  public boolean plan;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  public boolean quiet;

  /**
   * A job on the backend that is asked for.
   *
   * @throws UsageException if there is no such backend
   */
  TrainingJob applied(TrainingJob job) {
    return backend == null ? job : job.with().backend(BackendOption.known(backend)).build();
  }

  /**
   * How the machine is used by a training whose backend is settled.
   *
   * @throws UsageException if a backend, or only a plan, is asked for
   */
  RunOptions resumed() {
    if (plan) {
      throw new UsageException(
          "--plan: a training is planned by the command that begins it, not with --resume");
    }
    if (backend != null) {
      throw new UsageException(
          "--backend %s: a resumed training stays on the backend it began on".formatted(backend));
    }
    return options();
  }

  /** How the machine is used. */
  public RunOptions options() {
    return new RunOptions(
        threads, device.device(), 0, null, memory == null ? 0 : bytes(memory), null, null, null);
  }

  private static long bytes(String size) {
    try {
      return Math.max(1, MemoryBudget.parse(size).bytes());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--memory: " + e.getMessage());
    }
  }
}
