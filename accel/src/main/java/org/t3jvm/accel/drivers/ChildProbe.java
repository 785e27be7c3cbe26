package org.t3jvm.accel.drivers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.t3jvm.accel.device.DeviceException;

/**
 * Questions to a driver in a JVM of their own: a driver that crashes or hangs ends that one only.
 *
 * @param command what starts the JVM and its main class; the question's words follow
 * @param patience how long an answer may take
 */
record ChildProbe(List<String> command, Duration patience) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Signal n ends a process with this and n. */
  private static final int SIGNAL = 128;

  /** A JVM like this one, with the same classes. */
  static ChildProbe ofThisJvm() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Starts fast; and what a crash leaves is the answer of its parent.
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+SuppressFatalErrorMessage"));
    Module module = ProbeMain.class.getModule();
    command.add("--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED"));
    addPath(command, "--module-path", "jdk.module.path");
    addPath(command, "--class-path", "java.class.path");
    if (module.isNamed()) {
      command.addAll(List.of("--module", module.getName() + "/" + ProbeMain.class.getName()));
    } else {
      command.add(ProbeMain.class.getName());
    }
    return new ChildProbe(command, PATIENCE);
  }

  private static void addPath(List<String> command, String option, String property) {
    String path = System.getProperty(property, "");
    if (!path.isEmpty()) {
      command.addAll(List.of(option, path));
    }
  }

  /**
   * The answer's lines.
   *
   * @param words the question
   * @throws DeviceException with the driver's reason, or that it crashed or gave no answer
   */
  List<String> ask(String... words) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(words));
    Process process = start(whole);
    try {
      CompletableFuture<String> output =
          CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new DeviceException(
            "the driver gave no answer within %d s".formatted(patience.toSeconds()));
      }
      return answer(output.join(), process.exitValue());
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new DeviceException("the driver was not waited for", e);
    }
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new DeviceException(
          "the process that asks the driver cannot be started: " + e.getMessage(), e);
    }
  }

  private static String text(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private static List<String> answer(String output, int status) {
    List<String> lines = new ArrayList<>();
    for (String line : output.lines().toList()) {
      if (line.startsWith(ProbeMain.FAILURE)) {
        throw new DeviceException(line.substring(ProbeMain.FAILURE.length()));
      }
      if (line.startsWith(ProbeMain.ANSWER)) {
        lines.add(line.substring(ProbeMain.ANSWER.length()));
      }
    }
    if (status != 0) {
      throw new DeviceException(
          status > SIGNAL
              ? "the driver crashed when it was asked (signal %d)".formatted(status - SIGNAL)
              : "the driver ended the process that asked it (status %d)".formatted(status));
    }
    return lines;
  }
}
