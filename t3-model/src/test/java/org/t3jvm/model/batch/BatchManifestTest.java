package org.t3jvm.model.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.job.VideoJob;

class BatchManifestTest {
  private static final BatchManifest.Entry MADE =
      new BatchManifest.Entry(
          0,
          null,
          VideoJob.of("a \"red\"\nball 一").seed(7).steps(8).build(),
          1.5,
          "0.mp4",
          null,
          null);
  private static final BatchManifest.Entry FAILED =
      new BatchManifest.Entry(
          1, "p.txt", VideoJob.of("b").seed(7).build(), 0.25, "1.mp4", null, "no space left");

  @TempDir Path dir;

  private Path file() {
    return dir.resolve("manifest.jsonl");
  }

  @Test
  void linesComeBack() throws IOException {
    BatchManifest manifest = new BatchManifest(file());
    assertThat(manifest.read()).isEmpty();
    manifest.append(MADE);
    manifest.append(FAILED);
    assertThat(manifest.read()).containsExactly(MADE, FAILED);
    assertThat(Files.readAllLines(file())).hasSize(2);
  }

  @Test
  void everyTornLineIsDroppedAndTheRestKept() throws IOException {
    BatchManifest manifest = new BatchManifest(file());
    manifest.append(MADE);
    int first = Files.readAllBytes(file()).length;
    manifest.append(FAILED);
    byte[] whole = Files.readAllBytes(file());
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      assertThat(manifest.read()).as("%d bytes", length).hasSize(length < first ? 0 : 1);
      manifest.append(FAILED);
      assertThat(manifest.read()).as("%d bytes", length).endsWith(FAILED);
      assertThat(manifest.read()).hasSize(length < first ? 1 : 2);
    }
  }

  @Test
  void aLineOfSomethingElseIsNamed() throws IOException {
    new BatchManifest(file()).append(MADE);
    Files.writeString(file(), "hello\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> new BatchManifest(file()).read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString());
  }
}
