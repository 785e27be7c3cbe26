package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.cli.ChildT3;

/**
 * {@code kill -9} at seeded points of runs in processes of their own, then {@code t3 resume}. The
 * build kills a few; {@code -Dt3.kills=30} as many as asked for.
 */
@Tag("process")
class KillAndResumeTest {
  private static final int KILLS = Integer.getInteger("t3.kills", 4);
  private static final long SEED = 9;
  private static final int STEPS = 4;
  private static final int FRAMES = 9;

  /** Where a run is killed. */
  private enum Place {
    SAMPLING,
    SAVING,
    DECODING,
    MUXING
  }

  @TempDir Path dir;

  /** A run of one pass, and runs of two. */
  record Run(List<String> options, int steps) {
    static Run onePass() {
      return new Run(List.of(), STEPS);
    }

    static Run twoPasses(String method) {
      return new Run(
          List.of("--hires", method, "--base-height", "32", "--base-width", "48"), STEPS + 2);
    }

    @Override
    public String toString() {
      return String.join(" ", options);
    }
  }

  static List<Run> runs() {
    return List.of(Run.onePass(), Run.twoPasses("freeswim"), Run.twoPasses("vibe"));
  }

  private List<String> generate(Run run, Path out, boolean folder) {
    List<String> args = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    args.addAll(List.of("--height", "64", "--width", "96", "--frames", String.valueOf(FRAMES)));
    args.addAll(List.of("--steps", String.valueOf(STEPS), "--attention", "full"));
    args.addAll(List.of("--threads", "1", "--out", out + (folder ? "/" : "")));
    args.addAll(run.options());
    return args;
  }

  /** Every file of a finished output, which alone lies in its folder. */
  private static Map<String, byte[]> content(Path place) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(place)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(place.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  @ParameterizedTest
  @MethodSource("runs")
  void afterAnyKillTheVideoIsThatOfAnUnbrokenRun(Run run) throws Exception {
    List<Map<String, byte[]>> unbroken = new ArrayList<>();
    for (String out : new String[] {"ball.mp4", "frames"}) {
      Path place = Files.createDirectory(dir.resolve("whole-" + out));
      ChildT3.run(generate(run, place.resolve(out), out.equals("frames")));
      unbroken.add(content(place));
    }
    Random random = new Random(SEED);
    Map<Place, Integer> killed = new EnumMap<>(Place.class);
    for (int kill = 0; kill < KILLS; kill++) {
      Place where = Place.values()[kill % Place.values().length];
      boolean folder = kill / Place.values().length % 2 == 1;
      int step = random.nextInt(run.steps());
      long delay = random.nextInt(20_000_000);
      String what =
          "%s, seed %d, kill %d in %s, step %d, after %d ns"
              .formatted(run, SEED, kill, where, step, delay);
      Path place = Files.createDirectory(dir.resolve("kill" + kill));
      Path out = place.resolve(folder ? "frames" : "ball.mp4");
      Process child = ChildT3.start(generate(run, out, folder));
      await(child, where, state(out), step, delay);
      child.destroyForcibly().waitFor();
      if (child.exitValue() != 0) {
        killed.merge(where, 1, Integer::sum);
      }
      resumeOrRestart(run, out, folder);
      Map<String, byte[]> content = content(place);
      Map<String, byte[]> expected = unbroken.get(folder ? 1 : 0);
      assertThat(content.keySet()).as(what).isEqualTo(expected.keySet());
      content.forEach(
          (name, bytes) ->
              assertThat(bytes).as("%s, %s", name, what).isEqualTo(expected.get(name)));
    }
    System.out.println("killed and resumed: " + killed + " of " + KILLS);
    assertThat(killed.values().stream().mapToInt(Integer::intValue).sum())
        .as("runs killed before their end: %s", killed)
        .isGreaterThan(KILLS / 2);
  }

  private static Path state(Path out) {
    return out.resolveSibling(out.getFileName() + ".t3state");
  }

  /** As a user does: resumes if there is a state, else begins anew, also to clear remains away. */
  private void resumeOrRestart(Run run, Path out, boolean folder) {
    if (Files.exists(state(out).resolve("state.json"))) {
      ChildT3.run(List.of("resume", "--quiet", state(out).toString()));
    } else if (!Files.exists(out)) {
      ChildT3.run(generate(run, out, folder));
    } else if (Files.exists(state(out))) {
      // Killed while it removed the state of the finished video.
      List<String> again = generate(run, out, folder);
      again.add("--force");
      ChildT3.run(again);
    }
  }

  /** Until the run is at the place, or over; then a little longer where the place lasts. */
  private static void await(Process child, Place where, Path state, int step, long delay) {
    while (child.isAlive() && !reached(where, state, step)) {
      Thread.onSpinWait();
    }
    boolean brief = where == Place.SAVING || where == Place.MUXING;
    long until = System.nanoTime() + (brief ? delay / 20 : delay);
    while (child.isAlive() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static boolean reached(Place where, Path state, int step) {
    try {
      return switch (where) {
        case SAMPLING -> Files.exists(state.resolve("latents-%04d.safetensors".formatted(step)));
        case SAVING -> saving(state, step);
        case DECODING -> Files.size(state.resolve("frames.bin")) > 0;
        case MUXING ->
            Files.readString(state.resolve("state.json")).contains("\"count\":" + FRAMES);
      };
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean saving(Path state, int step) throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      return files.anyMatch(
          file -> file.getFileName().toString().startsWith(".latents-%04d".formatted(step)));
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
