package org.t3jvm.bench.fullsize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The memory of this process as the system reports it. */
final class PeakMemory {
  private PeakMemory() {}

  /** Lines such as {@code VmHWM: 5021 kB}, the most that was resident at any time. */
  static List<String> lines() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.matches("(VmHWM|VmRSS|RssAnon|RssFile).*"))
          .toList();
    } catch (IOException e) {
      return List.of("this system does not report the process's memory");
    }
  }
}
