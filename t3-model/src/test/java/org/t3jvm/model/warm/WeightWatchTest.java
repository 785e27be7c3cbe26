package org.t3jvm.model.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.RunFailedException;

class WeightWatchTest {
  @TempDir Path dir;

  private static void awaitNotice(WeightWatch watch) {
    assertThatThrownBy(
            () -> {
              while (true) {
                watch.check();
                Thread.sleep(1);
              }
            })
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("weights: another program is writing this file");
  }

  @Test
  void aWriterEndsWhatReadsAndThenProceeds() throws Exception {
    Path file = Files.writeString(dir.resolve("weights"), "all of them");
    try (WeightWatch watch = WeightWatch.of(List.of(file))) {
      Process[] writer = new Process[1];
      assertThatThrownBy(
              () ->
                  watch.reading(
                      () -> {
                        try {
                          writer[0] =
                              new ProcessBuilder("sh", "-c", ": > \"$0\"", file.toString()).start();
                        } catch (java.io.IOException e) {
                          throw new java.io.UncheckedIOException(e);
                        }
                        while (true) {
                          watch.check();
                          Thread.onSpinWait();
                        }
                      }))
          .isInstanceOf(RunFailedException.class);
      assertThat(writer[0].waitFor()).isZero();
      assertThat(file).hasSize(0);
      assertThatThrownBy(() -> watch.reading(() -> 1)).isInstanceOf(RunFailedException.class);
    }
  }

  @Test
  void aFileWithoutALeaseIsWatchedByItsSize() throws Exception {
    Path file = Files.writeString(dir.resolve("weights"), "all of them");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE);
        WeightWatch watch = WeightWatch.of(List.of(file))) {
      assertThat(watch.reading(() -> 1)).isEqualTo(1);
      open.truncate(3);
      awaitNotice(watch);
    }
  }

  @Test
  void aFaultIsExplainedByWhatCausedIt() throws Exception {
    Path file = Files.writeString(dir.resolve("weights"), "all of them");
    try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE);
        WeightWatch watch = WeightWatch.of(List.of(file))) {
      InternalError fault = new InternalError("a fault occurred");
      assertThatThrownBy(
              () ->
                  watch.reading(
                      () -> {
                        throw fault;
                      }))
          .isSameAs(fault);
      open.truncate(0);
      assertThatThrownBy(
              () ->
                  watch.reading(
                      () -> {
                        throw fault;
                      }))
          .isInstanceOf(RunFailedException.class);
    }
  }
}
