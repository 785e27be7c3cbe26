package org.t3jvm.accel.sdk;

import java.io.IOException;
import java.nio.file.Path;

/** What the launcher and the build run before a JVM that may use TornadoVM. */
public final class ArgumentFileMain {
  private ArgumentFileMain() {}

  /** Writes the flags for the SDK that the environment names into the file of the argument. */
  public static void main(String[] arguments) throws IOException {
    ArgumentFile.write(TornadoSdk.locate(System.getenv(TornadoSdk.HOME)), Path.of(arguments[0]));
  }
}
