package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.ChildT3;

/** Ctrl-C and SIGTERM, in a process of its own. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "no kill command")
@Tag("process")
class StopSignalsTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String IGNORED = "SigIgn:";

  @TempDir Path dir;

  private List<String> generate(String out, String... more) {
    List<String> args =
        new ArrayList<>(List.of("generate", "--prompt", "a red ball", "--attention", "full"));
    args.addAll(List.of("--threads", "1", "--frames", "5", "--out", dir.resolve(out).toString()));
    args.addAll(List.of(more));
    return args;
  }

  private static void send(Process child, String signal) throws Exception {
    int status =
        new ProcessBuilder("kill", "-" + signal, String.valueOf(child.pid())).start().waitFor();
    assertThat(status).as("kill -%s", signal).isZero();
  }

  /** A process that is started in the background may have to ignore Ctrl-C; so do its children. */
  private static boolean ignored(int number) throws Exception {
    if (!Files.exists(STATUS)) {
      return false;
    }
    String mask =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith(IGNORED))
            .findFirst()
            .orElseThrow();
    long bits = Long.parseUnsignedLong(mask.substring(IGNORED.length()).strip(), 16);
    return (bits >> (number - 1) & 1) != 0;
  }

  private static List<String> readTo(BufferedReader err, String start) {
    List<String> lines = new ArrayList<>();
    err.lines().takeWhile(line -> !line.startsWith(start)).forEach(lines::add);
    return lines;
  }

  @ParameterizedTest
  @CsvSource({"INT, 2", "TERM, 15"})
  void theFirstSignalStopsAndSaysHowToGoOn(String signal, int number) throws Exception {
    assumeTrue(!ignored(number), "this process and its children ignore the signal");
    String[] size = {"--height", "64", "--width", "96", "--steps", "30"};
    Process child = ChildT3.start(generate("a.mp4", size));
    try (BufferedReader err = child.errorReader(StandardCharsets.UTF_8)) {
      readTo(err, "denoise step 2 of 30");
      send(child, signal);
      List<String> lines = err.lines().toList();
      assertThat(child.waitFor()).as("%s", lines).isEqualTo(128 + number);
      assertThat(lines)
          .contains("t3: stopping at the end of this block; once more to leave at once");
      assertThat(lines.getLast())
          .matches("t3: stopped at step \\d+ of 30; resume with: ./t3 resume .*a\\.mp4\\.t3state");
    } finally {
      child.destroyForcibly();
    }
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).containsExactly(dir.resolve("a.mp4.t3state"));
    }
    ChildT3.run(List.of("resume", "--quiet", dir.resolve("a.mp4.t3state").toString()));
    ChildT3.run(generate("b.mp4", "--height", "64", "--width", "96", "--steps", "30", "--quiet"));
    assertThat(dir.resolve("a.mp4")).hasSameBinaryContentAs(dir.resolve("b.mp4"));
  }

  @Test
  void theSecondSignalLeavesAtOnce() throws Exception {
    // Plain loops on this size take long for a block, so that the second signal finds it on.
    Process child =
        ChildT3.start(
            generate("a.mp4", "--backend", "reference", "--height", "256", "--width", "384"));
    try (BufferedReader err = child.errorReader(StandardCharsets.UTF_8)) {
      readTo(err, "denoise needs");
      Path state = dir.resolve("a.mp4.t3state/state.json");
      while (child.isAlive() && !Files.readString(state).contains("latents-0000")) {
        Thread.onSpinWait();
      }
      send(child, "TERM");
      readTo(err, "t3: stopping");
      send(child, "TERM");
      List<String> lines = err.lines().toList();
      assertThat(child.waitFor()).as("%s", lines).isEqualTo(128 + 15);
      assertThat(lines)
          .anyMatch(line -> line.startsWith("t3: left at once; resume with: ./t3 resume"));
    } finally {
      child.destroyForcibly();
    }
    assertThat(dir.resolve("a.mp4.t3state/state.json")).isRegularFile();
  }
}
