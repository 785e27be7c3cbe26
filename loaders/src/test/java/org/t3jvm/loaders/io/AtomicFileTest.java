package org.t3jvm.loaders.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void aSmallFileIsReplacedWholeOrNotAtAll() throws Exception {
    Path target = Files.writeString(dir.resolve("job.json"), "old");
    AtomicFile.replace(target, new byte[] {1, 2});
    assertThat(target).hasBinaryContent(new byte[] {1, 2});
    assertThatThrownBy(() -> AtomicFile.replace(dir, new byte[0])).hasMessageContaining("folder");
    assertThat(dir.toFile().list()).containsExactly("job.json");
  }

  @Test
  void theNextFileOfANameDeletesWhatAKilledProcessLeft() throws Exception {
    Path target = dir.resolve("model.safetensors");
    Path left = Files.writeString(dir.resolve(".model.safetensors.1f.part"), "half");
    Path ofAnother = Files.writeString(dir.resolve(".other.safetensors.1f.part"), "half");
    Path link = dir.resolve(".model.safetensors.2f.part");
    Files.createSymbolicLink(link, ofAnother);
    try (AtomicFile written = AtomicFile.create(target)) {
      assertThat(left).doesNotExist();
      try (AtomicFile second = AtomicFile.create(target)) {
        second.write(new byte[] {2});
        second.commit();
      }
      written.write(new byte[] {1});
      written.commit();
    }
    assertThat(target).as("one that is being written stays").hasBinaryContent(new byte[] {1});
    assertThat(dir.toFile().list())
        .containsExactlyInAnyOrder(
            "model.safetensors", ".other.safetensors.1f.part", ".model.safetensors.2f.part");
  }
}
