package org.t3jvm.loaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** What either writer writes, the readers give back bit for bit, and failures leave nothing. */
class WriterRoundTripTest {
  @TempDir Path folder;

  enum Format {
    SAFETENSORS,
    PTH;

    void write(Path path, List<TensorInfo> layout, TensorSource source) throws IOException {
      switch (this) {
        case SAFETENSORS -> SafetensorsWriter.write(path, layout, source, Map.of());
        case PTH -> PthWriter.write(path, layout, source);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyDtypeAndRankComesBack(Format format) throws IOException {
    Map<String, Tensor> tensors = TestFiles.everyKind(5);
    Path path = folder.resolve("all");
    format.write(path, TestFiles.layout(tensors), TestFiles.source(tensors));
    requireEqual(path, tensors);
  }

  @ParameterizedTest
  @EnumSource
  void thousandsOfTensorsComeBack(Format format) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 2500; i++) {
      tensors.put("blocks." + i + ".bias", Tensor.ofFloats(Shape.of(2), i, -i));
    }
    Path path = folder.resolve("many");
    format.write(path, TestFiles.layout(tensors), TestFiles.source(tensors));
    requireEqual(path, tensors);
  }

  @ParameterizedTest
  @EnumSource
  void zeroAndOneTensorComeBack(Format format) throws IOException {
    for (Map<String, Tensor> tensors :
        List.of(
            Map.<String, Tensor>of(),
            Map.of("only", Tensor.ofLongs(Shape.of(3), 1L << 40, -1, 0)))) {
      Path path = folder.resolve("few" + tensors.size());
      format.write(path, TestFiles.layout(tensors), TestFiles.source(tensors));
      requireEqual(path, tensors);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckpointCanBeConvertedOntoItself(Format format) throws IOException {
    Map<String, Tensor> tensors = TestFiles.everyKind(6);
    Path path = TestFiles.safetensors(folder.resolve("self"), tensors);
    try (Checkpoint source = Checkpoints.open(path)) {
      format.write(path, List.copyOf(source.entries().values()), source);
    }
    requireEqual(path, tensors);
  }

  @ParameterizedTest
  @EnumSource
  void aFailingSourceLeavesTheOldFileAndNothingElse(Format format) throws IOException {
    Map<String, Tensor> tensors = TestFiles.everyKind(7);
    Path path = TestFiles.safetensors(folder.resolve("kept"), tensors);
    byte[] before = Files.readAllBytes(path);
    TensorSource failing =
        name -> {
          throw new IOException("source broke at " + name);
        };
    assertThatThrownBy(() -> format.write(path, TestFiles.layout(tensors), failing))
        .hasMessageContaining("source broke");
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSourceThatGivesAnotherTensorIsNamed(Format format) {
    List<TensorInfo> layout = List.of(new TensorInfo("w", StoredType.F32, Shape.of(2, 2), 16));
    Path path = folder.resolve("wrong");
    TestFiles.failure(
        () -> format.write(path, layout, name -> Tensor.allocate(DType.F32, Shape.of(4))),
        List.of(path.toString(), "'w'", "F32 [2, 2]", "F32 [4]"));
    assertThat(path).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource
  void repeatedNamesAndUnsupportedTypesAreRefused(Format format) {
    TensorInfo info = new TensorInfo("w", StoredType.F32, Shape.of(), 4);
    TensorInfo eight = new TensorInfo("q", StoredType.F8_E8M0, Shape.of(), 1);
    TensorSource source = name -> Tensor.allocate(DType.F32, Shape.of());
    Path path = folder.resolve("bad");
    TestFiles.failure(
        () -> format.write(path, List.of(info, info), source), List.of("'w'", "taken"));
    TestFiles.failure(() -> format.write(path, List.of(eight), source), List.of("'q'", "F8_E8M0"));
  }

  @ParameterizedTest
  @EnumSource
  void unwritablePlacesAreNamed(Format format) {
    Path nowhere = folder.resolve("no/such/file");
    TestFiles.failure(
        () -> format.write(nowhere, List.of(), TestFiles.source(Map.of())),
        List.of(nowhere.toString(), "no folder", "create it first"));
    TestFiles.failure(
        () -> format.write(folder, List.of(), TestFiles.source(Map.of())),
        List.of(folder.toString(), "is a folder"));
  }

  @Test
  void safetensorsMetadataComesBack() throws IOException {
    Path path = folder.resolve("meta");
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("note", "two\nlines and \"quotes\" \u2603");
    SafetensorsWriter.write(path, List.of(), TestFiles.source(Map.of()), metadata);
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.metadata()).isEqualTo(metadata);
    }
  }

  private static void requireEqual(Path path, Map<String, Tensor> expected) throws IOException {
    try (Checkpoint file = Checkpoints.open(path)) {
      assertThat(file.entries().keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
      for (var entry : expected.entrySet()) {
        Tensor tensor = file.tensor(entry.getKey());
        assertThat(tensor).hasToString(entry.getValue().toString());
        assertThat(TestFiles.bytes(tensor)).isEqualTo(TestFiles.bytes(entry.getValue()));
      }
    }
  }
}
