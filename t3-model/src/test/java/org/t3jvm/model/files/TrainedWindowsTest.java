package org.t3jvm.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.TokenGrid;

/** The marks of windows in a file, and what is no mark. */
class TrainedWindowsTest {
  @TempDir Path dir;

  private Path file(Map<String, String> metadata) throws IOException {
    Path file = dir.resolve("t3.safetensors");
    Tensor weight = Tensor.ofFloats(Shape.of(1), new float[] {1});
    SafetensorsWriter.write(
        file, List.of(TensorInfo.of("weight", weight)), name -> weight, metadata);
    return file;
  }

  @Test
  void areWrittenAsTheyAreRead() throws IOException {
    T3WindowRule trained =
        new T3WindowRule(new TokenGrid(6, 9, 16), T3Windows.parse("6,1,1;1,3,4"));
    assertThat(TrainedWindows.metadata(trained))
        .containsOnly(Map.entry("t3.windows", "6,1,1;1,3,4"), Map.entry("t3.grid", "6x9x16"));
    assertThat(TrainedWindows.of(file(TrainedWindows.metadata(trained)))).contains(trained);
    assertThat(TrainedWindows.of(file(Map.of("format", "pt")))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "6,1,1   | -      | has t3.windows without t3.grid; both are needed",
        "-       | 6x9x16 | has t3.grid without t3.windows; both are needed",
        "6,1     | 6x9x16 | windows '6,1': '6,1' is not a triple of positive counts",
        "6,1,1   | 6x9    | t3.grid '6x9' is not three positive extents as in 6x9x16",
        "6,1,1   | 6x0x16 | t3.grid '6x0x16' is not three positive extents as in 6x9x16",
        "6,10,1  | 6x9x16 | windows 6,10,1 are more than the token grid 6x9x16"
      })
  void damagedMarksAreRefused(String windows, String grid, String expected) throws IOException {
    Path file =
        file(
            windows == null
                ? Map.of("t3.grid", grid)
                : grid == null
                    ? Map.of("t3.windows", windows)
                    : Map.of("t3.windows", windows, "t3.grid", grid));
    assertThatThrownBy(() -> TrainedWindows.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("'%s': its metadata %s".formatted(file, expected));
  }
}
