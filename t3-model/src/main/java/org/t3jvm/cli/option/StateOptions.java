package org.t3jvm.cli.option;

import picocli.CommandLine.Option;

/** Options about the state that a run keeps beside its output. */
public final class StateOptions {
  @Option(
      names = "--keep-state",
      description = "Keep the state beside the finished video, for t3 decode.")
  public boolean keep;

  @Option(
      names = "--restart",
      description = "Discard the state of an unfinished run of the same output, and begin anew.")
  public boolean restart;
}
