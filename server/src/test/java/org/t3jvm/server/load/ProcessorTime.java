package org.t3jvm.server.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Seconds of processor time that the threads of a server have taken, from Linux's {@code /proc}.
 *
 * @param requests of the threads that answer requests
 * @param compilers of the JVM's compilers, for requests and jobs alike
 */
record ProcessorTime(double requests, double compilers) {
  private static final List<String> REQUESTS = List.of("HTTP-Dispatcher", "ForkJoinPool-");
  private static final List<String> COMPILERS = List.of("C1 Compiler", "C2 Compiler");

  /** The times of a process as they are now. */
  static ProcessorTime of(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      List<Path> all = threads.toList();
      return new ProcessorTime(seconds(all, REQUESTS), seconds(all, COMPILERS));
    }
  }

  private static double seconds(List<Path> threads, List<String> names) {
    long nanos = 0;
    for (Path thread : threads) {
      try {
        String name = Files.readString(thread.resolve("comm"));
        if (names.stream().anyMatch(name::startsWith)) {
          nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
        }
      } catch (IOException e) {
        // The thread has ended.
      }
    }
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }

  ProcessorTime plus(ProcessorTime other) {
    return new ProcessorTime(requests + other.requests, compilers + other.compilers);
  }

  ProcessorTime since(ProcessorTime earlier) {
    return new ProcessorTime(requests - earlier.requests, compilers - earlier.compilers);
  }
}
