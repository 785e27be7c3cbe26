package org.t3jvm.accel.sdk;

import java.nio.file.Files;
import java.util.Locale;
import java.util.Optional;

/** A driver of TornadoVM: one kind of backend. */
public enum Driver {
  OPENCL("an OpenCL driver"),
  PTX("an NVIDIA driver"),
  CUDA("an NVIDIA driver and CUDA");

  private final String needs;

  Driver(String needs) {
    this.needs = needs;
  }

  /** The backend's name, such as {@code opencl}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it needs beside the SDK, as in "an OpenCL driver". */
  public String needs() {
    return needs;
  }

  /** The module that drives it. */
  public String module() {
    return "tornado.drivers." + id();
  }

  /** What the names of its jars start with, in {@link TornadoSdk#JARS}. */
  public String jarPrefix() {
    return "tornado-drivers-" + id() + "-";
  }

  /** Why this driver of an SDK cannot start on this machine, or nothing. */
  public Optional<String> missing(TornadoSdk.Installed sdk) {
    boolean hasJar = sdk.jars().stream().anyMatch(jar -> jar.startsWith(jarPrefix()));
    if (!hasJar) {
      return Optional.of(
          "the TornadoVM SDK in %s is built without its %s backend".formatted(sdk.home(), id()));
    }
    if (!Files.isDirectory(sdk.home().resolve("lib"))) {
      return Optional.of("the TornadoVM SDK in %s has no folder lib".formatted(sdk.home()));
    }
    return switch (this) {
      case OPENCL -> DriverProbe.openCl();
      case PTX, CUDA -> DriverProbe.cuda();
    };
  }
}
