package org.t3jvm.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.model.media.DamagedMedia;

/**
 * FFmpeg on damaged videos and WebP images: decoded one after another in a process that is not
 * allowed to crash, although the program would survive that, as it decodes each in a process of its
 * own. How many is chosen as for {@link HostileFilesTest}.
 */
class HostileMediaTest {
  private static final int FILES_AT_ONCE = 500;
  private static final long MAX_CPU_MILLIS = 5_000;
  private static final long HANG_SECONDS = 600;

  @TempDir Path dir;

  @ParameterizedTest
  @EnumSource(names = {"VIDEO", "WEBP"})
  void isReadOrRefused(HostileKind kind) throws Exception {
    byte[][] valid = kind.valid(dir);
    int refused = 0;
    for (int from = 0; from < HostileFilesTest.FILES; from += FILES_AT_ONCE) {
      int to = Math.min(HostileFilesTest.FILES, from + FILES_AT_ONCE);
      Path folder = Files.createDirectory(dir.resolve("files" + from));
      for (int i = from; i < to; i++) {
        SplittableRandom random = HostileFilesTest.random(i);
        byte[] content = kind.damaged(valid[random.nextInt(valid.length)], random);
        Files.write(folder.resolve("%07d".formatted(i)), content);
      }
      refused += refused(kind, folder, to - from);
    }
    System.out.printf(
        "%s: %d files, %d refused, seed %d%n",
        kind, HostileFilesTest.FILES, refused, HostileFilesTest.SEED);
    assertThat(refused).as("%s: files that were refused", kind).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"VIDEO", "WEBP"})
  void validOnesAreRead(HostileKind kind) throws Exception {
    byte[][] valid = kind.valid(dir);
    Path folder = Files.createDirectory(dir.resolve("valid"));
    for (int i = 0; i < valid.length; i++) {
      Files.write(folder.resolve("%07d".formatted(i)), valid[i]);
    }
    assertThat(refused(kind, folder, valid.length)).isZero();
  }

  private static int refused(HostileKind kind, Path folder, int files) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                DamagedMedia.class.getName(),
                folder.toString(),
                kind == HostileKind.WEBP ? "WEBP" : "VIDEO")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String what = "%s, seed %d".formatted(kind, HostileFilesTest.SEED);
    Thread watch = Thread.ofPlatform().daemon().start(() -> end(process));
    String at = "";
    int read = 0;
    int refused = 0;
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        List<String> words = List.of(line.split(" ", -1));
        if (words.getFirst().equals("begin")) {
          at = words.getLast();
        } else {
          read++;
          refused += words.getFirst().equals("refused") ? 1 : 0;
          assertThat(Long.parseLong(words.getLast()))
              .as("%s, file %s: milliseconds", what, at)
              .isLessThan(MAX_CPU_MILLIS);
        }
      }
    }
    int status = process.waitFor();
    watch.interrupt();
    assertThat(status).as("%s: end of the process at file %s", what, at).isZero();
    assertThat(read).as("%s: files", what).isEqualTo(files);
    return refused;
  }

  private static void end(Process process) {
    try {
      if (!process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      // It ended by itself.
    }
  }
}
