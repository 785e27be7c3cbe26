package org.t3jvm.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.t3jvm.tensor.cpu.vector.FmaLoop;

/**
 * The machine that figures come from.
 *
 * @param cpu the processor's own name, or the architecture's where the system does not report one
 * @param processors processors that the JVM may use
 * @param jdk name and version of the JVM
 * @param vectorBits bits of the vectors that the {@code cpu} backend uses
 * @param date day and time of the run
 */
public record Machine(String cpu, int processors, String jdk, int vectorBits, String date) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final String MODEL_NAME = "model name";
  private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

  /** This machine, now. */
  public static Machine here() {
    return new Machine(
        cpuName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        FmaLoop.vectorBits(),
        MINUTES.format(ZonedDateTime.now(ZoneOffset.UTC)) + " UTC");
  }

  private static String cpuName() {
    String architecture = System.getProperty("os.arch", "unknown");
    try {
      List<String> lines = Files.exists(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
      return lines.stream()
          .filter(line -> line.startsWith(MODEL_NAME))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      // The name is for readers alone: a system that hides it is no reason to fail.
      return architecture;
    }
  }

  /** In one line. */
  public String description() {
    return "%s, %d processors, %s, %d-bit vectors, %s"
        .formatted(cpu, processors, jdk, vectorBits, date);
  }
}
