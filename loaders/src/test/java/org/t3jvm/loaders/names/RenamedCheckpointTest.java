package org.t3jvm.loaders.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** The same mapped tensors under other names. */
class RenamedCheckpointTest {
  @TempDir Path dir;

  private Checkpoint open() throws IOException {
    return Checkpoints.open(
        TestFiles.safetensors(
            dir.resolve("file.safetensors"),
            Map.of(
                "x.a", Tensor.ofFloats(Shape.of(2), 1, 2),
                "x.b", Tensor.ofFloats(Shape.of(1), 3),
                "rest", Tensor.ofFloats(Shape.of(1), 4))));
  }

  @Test
  void tensorsStayWhereTheyAreMapped() throws IOException {
    try (Checkpoint file = open();
        Checkpoint renamed =
            RenamedCheckpoint.of(
                file, name -> name.startsWith("x.") ? "y." + name.substring(2) : null)) {
      assertThat(renamed.entries().keySet()).containsExactlyInAnyOrder("y.a", "y.b");
      assertThat(renamed.info("y.a").name()).isEqualTo("y.a");
      assertThat(renamed.info("y.a").shape()).isEqualTo(Shape.of(2));
      assertThat(renamed.tensor("y.a").segment()).isEqualTo(file.tensor("x.a").segment());
      assertThat(renamed.description()).isEqualTo(file.description());
      TestFiles.failure(() -> renamed.tensor("x.a"), List.of("file.safetensors", "'x.a'"));
      TestFiles.failure(() -> renamed.tensor("rest"), List.of("file.safetensors", "'rest'"));
    }
  }

  @Test
  void twoTensorsCannotHaveOneName() throws IOException {
    try (Checkpoint file = open()) {
      TestFiles.failure(
          () -> RenamedCheckpoint.of(file, name -> name.startsWith("x.") ? "same" : name),
          List.of("file.safetensors", "x.a", "x.b", "are both same"));
      assertThat(file.tensor("x.b").getDouble(0)).as("the file stays open").isEqualTo(3);
    }
  }
}
