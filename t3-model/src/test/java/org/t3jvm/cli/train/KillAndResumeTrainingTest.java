package org.t3jvm.cli.train;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.ChildT3;

/** Trainings that are killed as processes are; each resumed one ends with the same bytes. */
@Tag("process")
class KillAndResumeTrainingTest {
  private static final long SEED = 14;
  private static final int KILLS = Integer.getInteger("t3.kills", 4);
  private static final int CLIPS = 6;
  private static final int STEPS = 8;

  private static final String RECIPE =
      """
      {"version": 1, "network": {"vae": {"encoderWidth": 2, "decoderWidth": 2}},
       "optimizer": {"average": 0.5},
       "stages": [
         {"steps": 4, "batch": 3, "frames": 1, "height": 16, "width": 16, "rate": {"first": 1e-3}},
         {"steps": 4, "batch": 2, "frames": 5, "height": 16, "width": 16,
          "zeroEarlierTaps": true, "rate": {"first": 1e-3, "last": 1e-4}}],
       "pace": {"seed": 2, "saveEvery": 1, "sampleEvery": 3}}
      """;

  /** Where a training is killed. */
  private enum Place {
    CACHING,
    COMPUTING,
    SAVING,
    ENDING
  }

  @TempDir Path dir;

  private List<String> train(Path out) {
    return List.of(
        "train",
        "vae",
        "--quiet",
        "--config=" + dir.resolve("vae.json"),
        "--data=" + dir.resolve("clips"),
        "--out=" + out);
  }

  /** Every file of a trained model, without the state. */
  private static Map<String, byte[]> model(Path out) throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  @Test
  void afterAnyKillTheModelIsThatOfAnUnbrokenTraining() throws Exception {
    Files.writeString(dir.resolve("vae.json"), RECIPE);
    ChildT3.run(
        List.of(
            "make-clips",
            dir.resolve("clips").toString(),
            "--clips=" + CLIPS,
            "--height=32",
            "--width=48",
            "--frames=5",
            "--format=png"));
    Path whole = dir.resolve("whole");
    ChildT3.run(train(whole));
    Map<String, byte[]> unbroken = model(whole);
    Random random = new Random(SEED);
    Map<Place, Integer> killed = new EnumMap<>(Place.class);
    for (int kill = 0; kill < KILLS; kill++) {
      Place where = Place.values()[kill % Place.values().length];
      int at = random.nextInt(where == Place.CACHING ? CLIPS : STEPS);
      long delay = random.nextInt(20_000_000);
      String what =
          "seed %d, kill %d in %s at %d, after %d ns".formatted(SEED, kill, where, at, delay);
      Path out = dir.resolve("kill" + kill);
      Process child = ChildT3.start(train(out));
      await(child, where, out, at, delay);
      child.destroyForcibly().waitFor();
      if (child.exitValue() != 0) {
        killed.merge(where, 1, Integer::sum);
      }
      if (Files.exists(out.resolve("training/job.json"))) {
        ChildT3.run(List.of("train", "--quiet", "--resume", out.toString()));
      } else {
        ChildT3.run(train(out));
      }
      Map<String, byte[]> content = model(out);
      assertThat(content.keySet()).as(what).isEqualTo(unbroken.keySet());
      content.forEach(
          (name, bytes) ->
              assertThat(bytes).as("%s, %s", name, what).isEqualTo(unbroken.get(name)));
    }
    System.out.println("killed and resumed: " + killed + " of " + KILLS);
    assertThat(killed.values().stream().mapToInt(Integer::intValue).sum())
        .as("trainings killed before their end: %s", killed)
        .isGreaterThan(KILLS / 2);
  }

  /** Until the training is at the place, or over; then a little longer where the place lasts. */
  private static void await(Process child, Place where, Path out, int at, long delay) {
    while (child.isAlive() && !reached(where, out.resolve("training"), at)) {
      Thread.onSpinWait();
    }
    long until = System.nanoTime() + (where == Place.SAVING ? delay / 40 : delay);
    while (child.isAlive() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  private static boolean reached(Place where, Path state, int at) {
    try {
      return switch (where) {
        case CACHING -> files(state.resolve("encoded"), "") > at;
        case COMPUTING -> lines(state) > at;
        case SAVING -> lines(state) > at && files(state, ".state") > 0;
        case ENDING -> lines(state) == STEPS;
      };
    } catch (IOException e) {
      return false;
    }
  }

  private static int lines(Path state) throws IOException {
    return Files.readAllLines(state.resolve("log.jsonl")).size();
  }

  private static int files(Path folder, String prefix) throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .forEach(names::add);
    } catch (NoSuchFileException e) {
      return 0;
    }
    return names.size();
  }
}
