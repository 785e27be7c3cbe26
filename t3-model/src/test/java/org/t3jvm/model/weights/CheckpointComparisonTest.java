package org.t3jvm.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class CheckpointComparisonTest {
  @TempDir private Path dir;

  private Path write(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = dir.resolve(name);
    SafetensorsWriter.write(
        file,
        tensors.entrySet().stream().map(e -> TensorInfo.of(e.getKey(), e.getValue())).toList(),
        key -> Objects.requireNonNull(tensors.get(key)),
        Map.of());
    return file;
  }

  private CheckpointComparison.Result compare(Map<String, Tensor> a, Map<String, Tensor> b)
      throws IOException {
    try (Checkpoint actual = Checkpoints.open(write("a.safetensors", a));
        Checkpoint expected = Checkpoints.open(write("b.safetensors", b))) {
      return new CheckpointComparison(actual, expected).compare(2);
    }
  }

  private static CheckpointComparison.Line line(
      String name, int tensors, String types, double max, double rms) {
    return new CheckpointComparison.Line(name, tensors, types, max, rms);
  }

  @Test
  void errorsOfKnownNumbers() throws IOException {
    Map<String, Tensor> a = new LinkedHashMap<>();
    a.put("blocks.0.w", Tensor.ofFloats(Shape.of(2, 2), 1, 2, 3, 4.5f));
    a.put("blocks.11.w", Tensor.ofFloats(Shape.of(2, 2), 1, 1, 1, 1));
    a.put("scalar", Tensor.ofFloats(Shape.of(), 3).to(DType.BF16));
    Map<String, Tensor> b = new LinkedHashMap<>();
    b.put("blocks.0.w", Tensor.ofFloats(Shape.of(2, 2), 1, 2, 2, 4));
    b.put("blocks.11.w", Tensor.ofFloats(Shape.of(2, 2), 1, 1, 1, 1));
    b.put("scalar", Tensor.ofFloats(Shape.of(), 4));
    CheckpointComparison.Result result = compare(a, b);
    double first = Math.sqrt(1.25 / 25);
    assertThat(result.tensors())
        .containsExactlyInAnyOrder(
            line("blocks.0.w", 1, "F32 of F32", 1, first),
            line("blocks.11.w", 1, "F32 of F32", 0, 0),
            line("scalar", 1, "BF16 of F32", 1, 0.25));
    assertThat(result.kinds())
        .containsExactlyInAnyOrder(
            line("blocks.*.w", 2, "F32 of F32", 1, Math.sqrt(1.25 / 29)),
            line("scalar", 1, "BF16 of F32", 1, 0.25));
    assertThat(result.total()).isEqualTo(line("all", 3, "", 1, Math.sqrt(2.25 / 45)));
    assertThat(result.unmatched()).isEmpty();
  }

  @Test
  void nanIsNoSmallError() throws IOException {
    Map<String, Tensor> a = Map.of("w", Tensor.ofFloats(Shape.of(2), 1, Float.NaN));
    Map<String, Tensor> b = Map.of("w", Tensor.ofFloats(Shape.of(2), 1, 2));
    assertThat(compare(a, b).total().maxAbsolute()).isNaN();
    assertThat(compare(b, a).total().relativeRms()).isNaN();
  }

  @Test
  void whatHasNoCounterpartIsNamed() throws IOException {
    Tensor two = Tensor.ofFloats(Shape.of(2), 1, 2);
    CheckpointComparison.Result result =
        compare(
            Map.of("w", two, "more", two, "turned", two),
            Map.of("w", two, "less", two, "turned", two.reshape(Shape.of(2, 1))));
    assertThat(result.tensors()).hasSize(1);
    assertThat(result.unmatched())
        .containsExactlyInAnyOrder(
            "less F32 [2] is not in " + dir.resolve("a.safetensors"),
            "turned F32 [2, 1] is [2] in " + dir.resolve("a.safetensors"),
            "more F32 [2] is not in " + dir.resolve("b.safetensors"));
  }
}
