package org.t3jvm.cli.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say on what a video is computed and what is told of it, not what it shows. */
public final class ComputeOptions {
  @Mixin public final BackendOption backend = new BackendOption();

  @Option(
      names = "--profile",
      paramLabel = "FILE.json",
      description = "Write where the time goes, a trace for Perfetto or chrome://tracing.")
  public @Nullable Path profile;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  public boolean quiet;
}
