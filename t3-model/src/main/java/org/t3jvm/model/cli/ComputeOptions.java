package org.t3jvm.model.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.pipeline.MemoryBudget;
import org.t3jvm.tensor.backend.BackendOptions;
import picocli.CommandLine.Option;

/** Options that say on what a video is computed and what is told of it, not what it shows. */
final class ComputeOptions {
  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "Backend to compute on, see t3 devices (default: ${DEFAULT-VALUE}).")
  String backend = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Worker threads of the cpu backend (default: one a processor).")
  private @Nullable Integer threads;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description =
          "Memory for computing, such as 12g; the video is the same, bit for bit, whatever it is"
              + " (default: what is free).")
  private @Nullable String memory;

  @Option(
      names = "--profile",
      paramLabel = "FILE.json",
      description = "Write where the time goes, a trace for Perfetto or chrome://tracing.")
  @Nullable Path profile;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  boolean quiet;

  MemoryBudget budget() {
    try {
      return memory == null ? MemoryBudget.free() : MemoryBudget.parse(memory);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--memory: " + e.getMessage());
    }
  }

  BackendOptions backendOptions() {
    if (threads == null) {
      return BackendOptions.defaults();
    }
    if (threads < 1) {
      throw new UsageException("--threads is %d, must be at least 1".formatted(threads));
    }
    return new BackendOptions(threads);
  }
}
