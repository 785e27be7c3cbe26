package org.t3jvm.model.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.model.state.FaultyDisk.Fault;
import org.t3jvm.model.state.FaultyDisk.Killed;

/** Runs that end at any change to the disk: a later process gives the bits of an unbroken run. */
class CrashPointsTest {
  private static final long SEED = 42;
  private static final int POINTS = 14;

  @SuppressWarnings("NullAway.Init")
  private static KeptRun run;

  @SuppressWarnings("NullAway.Init")
  private static Map<String, byte[]> unbroken;

  private static long changes;

  @TempDir Path dir;

  @BeforeAll
  static void renderUnbroken(@TempDir Path whole) throws IOException {
    run = new KeptRun();
    FaultyDisk disk = new FaultyDisk(Fault.KILL, 0);
    run.toTheEnd(disk.path(whole), KeptRun.always(), event -> {});
    changes = disk.changes();
    unbroken = KeptRun.video(whole);
  }

  @AfterAll
  static void close() {
    run.close();
  }

  @Test
  void killedAtAnyChangeTwiceItStillGivesTheSameBits() throws IOException {
    Random random = new Random(SEED);
    assertThat(changes).isGreaterThan(60);
    for (int point = 0; point < POINTS; point++) {
      // Spread evenly, so that sampling, saving, decoding and finishing all have their share.
      long first = 1 + (point * changes + random.nextInt((int) changes)) / POINTS;
      long second = 1L + random.nextInt((int) changes / 2);
      String when = "seed %d, killed at %d and %d of %d".formatted(SEED, first, second, changes);
      Path place = Files.createDirectory(dir.resolve("point" + point));
      SavePace pace = point % 2 == 0 ? KeptRun.always() : KeptRun.never();
      killed(place, pace, first, when);
      killed(place, pace, second, when);
      run.toTheEnd(place, pace, event -> {});
      KeptRun.assertSame(KeptRun.video(place), unbroken, when);
    }
  }

  /** Runs until the disk dies, or to the end. */
  private static void killed(Path place, SavePace pace, long at, String when) throws IOException {
    FaultyDisk disk = new FaultyDisk(Fault.KILL, at);
    try {
      run.toTheEnd(disk.path(place), pace, event -> {});
      assertThat(disk.changes()).as(when).isLessThan(at);
    } catch (Killed e) {
      assertThat(disk.changes()).as(when).isEqualTo(at);
    }
  }

  @Test
  void aFullDiskIsOneLineAndLeavesTheState() throws IOException {
    Random random = new Random(SEED);
    for (int point = 0; point < 4; point++) {
      long at = 10 + (point * (changes - 30) + random.nextInt((int) changes - 30)) / 4;
      Path place = Files.createDirectory(dir.resolve("full" + point));
      FaultyDisk disk = new FaultyDisk(Fault.FULL, at);
      assertThatThrownBy(() -> run.toTheEnd(disk.path(place), KeptRun.always(), event -> {}))
          .as("full at change %d of %d, seed %d", at, changes, SEED)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
      run.toTheEnd(place, KeptRun.always(), event -> {});
      KeptRun.assertSame(KeptRun.video(place), unbroken, "after the disk was full at " + at);
    }
  }

  @Test
  void anOutputFolderThatDisappearsIsNamedAndComesBack() throws IOException {
    Path place = Files.createDirectory(dir.resolve("place"));
    Path away = dir.resolve("away");
    Consumer<RunEvent> unmounts =
        event -> {
          if (event instanceof RunEvent.Preview preview && preview.step() == 2) {
            try {
              Files.move(place, away);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    assertThatThrownBy(() -> run.toTheEnd(place, KeptRun.always(), unmounts))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(KeptRun.folder(place).toString())
        .hasMessageContaining("step 3 cannot be saved");
    Files.move(away, place);
    assertThat(SavedRun.read(KeptRun.folder(place), KeptRun.VERSION).progress())
        .isEqualTo("step 2 of 4");
    run.toTheEnd(place, KeptRun.always(), event -> {});
    KeptRun.assertSame(KeptRun.video(place), unbroken, "after the folder came back");
  }

  @Test
  void keptFramesAreNotDecodedAgain() throws IOException {
    Path place = Files.createDirectory(dir.resolve("decode"));
    int[] decoded = new int[1];
    Consumer<RunEvent> counts =
        event -> {
          if (event instanceof RunEvent.Computed computed && computed.stage() == Stage.DECODE) {
            decoded[0]++;
            if (decoded[0] == 2) {
              throw new Killed();
            }
          }
        };
    assertThatThrownBy(() -> run.toTheEnd(place, KeptRun.always(), counts))
        .isInstanceOf(Killed.class);
    assertThat(SavedRun.read(KeptRun.folder(place), KeptRun.VERSION).progress())
        .isEqualTo("all 4 steps done, 1 frame decoded");
    decoded[0] = 10;
    run.toTheEnd(place, KeptRun.always(), counts);
    assertThat(decoded[0] - 10).as("latent frames decoded by the second process").isEqualTo(2);
    KeptRun.assertSame(KeptRun.video(place), unbroken, "after a stop in decode");
  }
}
