package org.t3jvm.loaders.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLeaseTest {
  @TempDir Path dir;

  private static FileLease take(Path file) {
    Optional<FileLease> taken = FileLease.take(file);
    Assumptions.assumeTrue(taken.isPresent(), "this file system has no leases");
    return taken.orElseThrow();
  }

  @Test
  void whoWritesWaitsUntilTheLeaseIsClosed() throws Exception {
    Path file = Files.writeString(dir.resolve("weights"), "all of them");
    FileLease lease = take(file);
    assertThat(Files.readString(file)).isEqualTo("all of them");
    assertThat(lease.contested()).as("by a reader").isFalse();
    Process writer = new ProcessBuilder("sh", "-c", ": > \"$0\"", file.toString()).start();
    while (!lease.contested()) {
      assertThat(writer.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    assertThat(file).hasSize(11);
    lease.close();
    assertThat(writer.waitFor()).isZero();
    assertThat(file).hasSize(0);
    assertThat(lease.contested()).as("after it was closed").isTrue();
  }

  @Test
  void replacingAFileContestsNothing() throws Exception {
    Path file = Files.writeString(dir.resolve("weights"), "old");
    try (FileLease lease = take(file)) {
      Path next = Files.writeString(dir.resolve("next"), "new");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(file);
      assertThat(lease.contested()).isFalse();
    }
  }

  @Test
  void thereIsNoneOfAFileThatIsBeingWritten() throws Exception {
    Path file = dir.resolve("download");
    try (FileChannel open =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(open.isOpen()).isTrue();
      assertThat(FileLease.take(file)).isEmpty();
    }
    assertThat(FileLease.take(dir.resolve("nothing"))).isEmpty();
  }
}
