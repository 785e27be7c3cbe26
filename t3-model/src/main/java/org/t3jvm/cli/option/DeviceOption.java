package org.t3jvm.cli.option;

import picocli.CommandLine.Option;

/** Which device of a backend computes. */
public final class DeviceOption {
  @Option(
      names = "--device",
      paramLabel = "N",
      description = "Which device of a GPU backend, from 0, see t3 devices (default: 0).")
  private int device;

  /** Its number among those of the backend, from 0. */
  public int device() {
    return device;
  }
}
