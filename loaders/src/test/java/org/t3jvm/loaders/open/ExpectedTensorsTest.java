package org.t3jvm.loaders.open;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** One error names all that a checkpoint lacks and all that it has too much. */
class ExpectedTensorsTest {
  @TempDir Path folder;

  @Test
  void aFittingCheckpointPasses() throws IOException {
    Path path = TestFiles.pth(folder.resolve("fits"), Map.of("a", Tensor.ofFloats(Shape.of(1), 1)));
    try (Checkpoint file = Checkpoints.open(path)) {
      new ExpectedTensors(Map.of("a", Shape.of(1))).check(file);
    }
  }

  @Test
  void everyProblemIsNamedAtOnce() throws IOException {
    String header =
        """
        {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
         "f":{"dtype":"F8_E8M0","shape":[2],"data_offsets":[8,10]},
         "extra":{"dtype":"U8","shape":[1,1],"data_offsets":[10,11]}}\
        """;
    Path path = Files.write(folder.resolve("model"), TestFiles.safetensorsBytes(header, 11));
    ExpectedTensors expected =
        new ExpectedTensors(
            Map.of("a", Shape.of(3), "f", Shape.of(2), "gone", Shape.of(4, 5), "too", Shape.of()));
    try (Checkpoint file = Checkpoints.open(path)) {
      TestFiles.failure(
          () -> expected.check(file),
          List.of(
              path + ": ",
              "2 tensors missing: ",
              "gone [4, 5]",
              "too []",
              "1 tensor unexpected: extra [1, 1]",
              "1 tensor of the wrong shape: a is [2], should be [3]",
              "1 tensor of an unsupported dtype: f F8_E8M0"));
    }
  }

  @Test
  void int8OfOtherProgramsIsNamed() throws IOException {
    String header =
        """
        {"a.weight":{"dtype":"I8","shape":[1,2],"data_offsets":[0,2]},
         "a.weight_scale":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}\
        """;
    Path path = Files.write(folder.resolve("int8"), TestFiles.safetensorsBytes(header, 6));
    ExpectedTensors expected = new ExpectedTensors(Map.of("a.weight", Shape.of(1, 2)));
    try (Checkpoint file = Checkpoints.open(path)) {
      TestFiles.failure(
          () -> expected.check(file),
          List.of(
              path + ": tensor 'a.weight' is int8 of another program",
              "'a.weight.q8_scale'",
              "t3 convert --dtype q8"));
    }
  }

  @Test
  void longListsAreCutAndCounted() throws IOException {
    Map<String, Shape> expected = new LinkedHashMap<>();
    for (int i = 0; i < 123; i++) {
      expected.put("blocks." + i + ".w", Shape.of(i));
    }
    Path path = TestFiles.safetensors(folder.resolve("none"), Map.of());
    try (Checkpoint file = Checkpoints.open(path)) {
      String message =
          TestFiles.failure(
              () -> new ExpectedTensors(expected).check(file),
              List.of("123 tensors missing", "blocks.19.w [19] and 103 more"));
      assertThat(message).doesNotContain("blocks.20.w");
    }
  }
}
