package org.t3jvm.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.job.JobException;

/**
 * Every reader of files on damaged ones: it reads them, or refuses them with an {@link IOException}
 * or a {@link JobException}; nothing hangs, and nothing allocates more than twice the file and a
 * constant. The build reads a hundred of each kind; {@code -Dt3.fuzz.files=10000 -Dt3.fuzz.seed=5}
 * as many as asked for, and any seed.
 */
class HostileFilesTest {
  static final int FILES = Integer.getInteger("t3.fuzz.files", 100);
  static final long SEED = Long.getLong("t3.fuzz.seed", 1);
  private static final long MAX_CPU_NANOS = 5_000_000_000L;
  private static final long HANG_MILLIS = 120_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path dir;

  /** What reading a file took, and how it failed. */
  private record Reading(long cpuNanos, long allocated, @Nullable Throwable failure) {
    static Reading of(HostileKind kind, Path file) {
      long cpu = THREADS.getCurrentThreadCpuTime();
      long bytes = THREADS.getCurrentThreadAllocatedBytes();
      Throwable failure = null;
      try {
        kind.read(file);
      } catch (Throwable e) {
        failure = e;
      }
      return new Reading(
          THREADS.getCurrentThreadCpuTime() - cpu,
          THREADS.getCurrentThreadAllocatedBytes() - bytes,
          failure);
    }

    boolean refused() {
      return failure instanceof IOException || failure instanceof JobException;
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"VIDEO", "WEBP"})
  void isReadOrRefused(HostileKind kind) throws Exception {
    byte[][] valid = kind.valid(dir);
    Path file = dir.resolve(kind.fileName());
    for (byte[] whole : valid) {
      Files.write(file, whole);
      kind.read(file);
    }
    readDamaged(kind, valid, file, FILES);
  }

  /**
   * Where the program decodes them, in a process each; many more are {@link HostileMediaTest}'s.
   */
  @ParameterizedTest
  @EnumSource(names = {"VIDEO", "WEBP"})
  @Tag("process")
  void isReadOrRefusedByAProcessOfItsOwn(HostileKind kind) throws Exception {
    byte[][] valid = kind.valid(dir);
    readDamaged(kind, valid, dir.resolve(kind.fileName()), 50);
  }

  /** The generator of a file's damage. */
  static SplittableRandom random(int file) {
    return new SplittableRandom(SEED * 1_000_003 + file);
  }

  private static void readDamaged(HostileKind kind, byte[][] valid, Path file, int files)
      throws Exception {
    int refused = 0;
    for (int i = 0; i < files; i++) {
      SplittableRandom random = random(i);
      byte[] content = kind.damaged(valid[random.nextInt(valid.length)], random);
      Files.write(file, content);
      String what = "%s, seed %d, file %d".formatted(kind, SEED, i);
      Reading reading = watched(kind, file, what);
      if (reading.allocated > limit(kind, content)) {
        // The first reading of a kind loads classes.
        reading = watched(kind, file, what);
      }
      if (reading.failure != null && !reading.refused()) {
        throw new AssertionError(what + ": " + reading.failure, reading.failure);
      }
      assertThat(reading.cpuNanos).as("%s: time", what).isLessThan(MAX_CPU_NANOS);
      assertThat(reading.allocated)
          .as("%s: bytes allocated for %d", what, content.length)
          .isLessThanOrEqualTo(limit(kind, content));
      refused += reading.refused() ? 1 : 0;
    }
    System.out.printf("%s: %d files, %d refused, seed %d%n", kind, files, refused, SEED);
    assertThat(refused).as("%s, seed %d: files that were refused", kind, SEED).isPositive();
  }

  private static long limit(HostileKind kind, byte[] content) {
    return 2L * content.length + kind.allowance();
  }

  /** Reads on a thread of its own, so that a reader that hangs fails the test. */
  private static Reading watched(HostileKind kind, Path file, String what)
      throws InterruptedException {
    AtomicReference<@Nullable Reading> done = new AtomicReference<>();
    Thread thread = Thread.ofPlatform().daemon().start(() -> done.set(Reading.of(kind, file)));
    thread.join(HANG_MILLIS);
    Reading reading = done.get();
    if (reading == null) {
      throw new AssertionError(what + ": hangs in " + thread.getStackTrace()[0]);
    }
    return reading;
  }
}
