package org.t3jvm.loaders.scaled;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.convert.FloatConversion;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.loaders.safetensors.ShardedWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.WeightRows;

/** F8 weights and their scales, as the files of several programs name them. */
class Float8WeightsTest {
  @TempDir Path dir;

  private static Tensor float8(Shape shape, double... values) {
    Tensor tensor = Tensor.allocate(DType.F8_E4M3, shape);
    for (int i = 0; i < values.length; i++) {
      tensor.setDouble(i, values[i]);
    }
    return tensor;
  }

  private Checkpoint open(Map<String, Tensor> tensors) throws IOException {
    return Checkpoints.open(TestFiles.safetensors(dir.resolve("f8.safetensors"), tensors));
  }

  private static Map<String, Tensor> tensors(String scaleName, Tensor scale) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("scaled_fp8", float8(Shape.of(0)));
    tensors.put("a.weight", float8(Shape.of(2, 2), 1, -2, 0.5, 448));
    tensors.put(scaleName, scale);
    tensors.put("a.scale_input", Tensor.ofFloats(Shape.of(1), 9));
    tensors.put("a.bias", Tensor.ofFloats(Shape.of(2), 3, 4));
    tensors.put("b.weight", float8(Shape.of(3), 1, 2, 3));
    return tensors;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.scale_weight",
        "a.weight_scale",
        "a.weight.scale_weight",
        "a.scale_inv",
        "a.weight_scale_inv"
      })
  void scalesAreFoundUnderEveryName(String name) throws IOException {
    Tensor scale = Tensor.ofFloats(Shape.of(), 0.25f);
    try (Checkpoint found = Float8Weights.of(open(tensors(name, scale)))) {
      assertThat(found.entries().keySet())
          .containsExactlyInAnyOrder(
              "a.weight",
              Quantization.scaleName("a.weight"),
              "a.bias",
              "b.weight",
              Quantization.scaleName("b.weight"));
      assertThat(found.tensor(Quantization.scaleName("a.weight")).toFloats())
          .containsExactly(0.25f);
      assertThat(found.tensor(Quantization.scaleName("b.weight")).toFloats()).containsExactly(1);
      assertThat(found.tensor("a.weight").getDouble(3)).isEqualTo(448);
      new ExpectedTensors(
              Map.of("a.weight", Shape.of(2, 2), "a.bias", Shape.of(2), "b.weight", Shape.of(3)))
          .check(found);
    }
  }

  @Test
  void convertedWeightsAreTheirNumbersTimesTheScale() throws IOException {
    Path out = dir.resolve("out.safetensors");
    Tensor scale = Tensor.ofFloats(Shape.of(1), 0.3f);
    try (Checkpoint file = open(tensors("a.scale_weight", scale))) {
      FloatConversion conversion = new FloatConversion(file, DType.F32);
      new ShardedWriter(out, conversion.layout(), Long.MAX_VALUE)
          .write(conversion, Map.of(), AtomicFile::create);
    }
    try (Checkpoint wide = Checkpoints.open(out)) {
      assertThat(wide.entries().keySet())
          .containsExactlyInAnyOrder("a.weight", "a.bias", "b.weight");
      assertThat(wide.tensor("a.weight").toFloats())
          .containsExactly(0.3f, -2 * 0.3f, 0.5f * 0.3f, 448 * 0.3f);
      assertThat(wide.tensor("b.weight").toFloats()).containsExactly(1, 2, 3);
    }
  }

  @Test
  void scalesOfNoEqualBlocksAreRefused() throws IOException {
    Tensor scales = Tensor.ofFloats(Shape.of(3), 1, 2, 3);
    try (Checkpoint file = open(tensors("a.scale_weight", scales))) {
      TestFiles.failure(
          () -> Float8Weights.of(file),
          List.of("f8.safetensors", "a.scale_weight F32 [3]", "'a.weight' [2, 2]", "one number"));
    }
  }

  @Test
  void rowsMayHaveScalesOfTheirOwn() throws IOException {
    Tensor scales = Tensor.ofFloats(Shape.of(2, 1), 2, 0.5f);
    try (Checkpoint file = open(tensors("a.weight_scale", scales))) {
      Checkpoint found = Float8Weights.of(file);
      assertThat(found.tensor(Quantization.scaleName("a.weight"))).isNotNull();
      assertThat(found.info(Quantization.scaleName("a.weight")).shape()).isEqualTo(Shape.of(2, 1));
      new ExpectedTensors(
              Map.of("a.weight", Shape.of(2, 2), "a.bias", Shape.of(2), "b.weight", Shape.of(3)))
          .check(found);
      float[] row = new float[2];
      WeightRows rows = Quantization.rows(found, found.info("a.weight"));
      rows.read(0, row);
      assertThat(row).containsExactly(2, -4);
      rows.read(1, row);
      assertThat(row).containsExactly(0.25f, 224);
    }
  }

  /** Blocks of 2x3, also such as have as many scales as the weight has rows. */
  @ParameterizedTest
  @ValueSource(ints = {3, 6, 9})
  void blocksMayHaveScalesOfTheirOwn(int width) throws IOException {
    double[] codes = new double[4 * width];
    Arrays.setAll(codes, i -> i % 7 - 3);
    float[] scales = new float[2 * width / 3];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.3f * (i + 1);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("a.weight", float8(Shape.of(4, width), codes));
    tensors.put("a.weight_scale_inv", Tensor.ofFloats(Shape.of(2, width / 3), scales));
    try (Checkpoint file = open(tensors)) {
      Checkpoint found = Float8Weights.of(file);
      new ExpectedTensors(Map.of("a.weight", Shape.of(4, width))).check(found);
      WeightRows rows = Quantization.rows(found, found.info("a.weight"));
      float[] row = new float[width];
      for (int i = 0; i < codes.length; i++) {
        rows.read(i / width, row);
        float scale = scales[i / width / 2 * (width / 3) + i % width / 3];
        assertThat(row[i % width]).as("element %d", i).isEqualTo((float) codes[i] * scale);
      }
    }
  }

  @Test
  void aLostScaleIsNamedWhereOthersAreThere() throws IOException {
    Map<String, Tensor> lost = tensors("a.scale_weight", Tensor.ofFloats(Shape.of(), 1));
    lost.put("c.weight", float8(Shape.of(1, 2), 3, 4));
    try (Checkpoint file = open(lost)) {
      TestFiles.failure(() -> Float8Weights.of(file), List.of("f8.safetensors", "c.weight"));
    }
    Map<String, Tensor> marked =
        Map.of("scaled_fp8", float8(Shape.of(0)), "c.weight", float8(Shape.of(1, 2), 3, 4));
    try (Checkpoint file = open(marked)) {
      TestFiles.failure(() -> Float8Weights.of(file), List.of("c.weight"));
    }
    try (Checkpoint file = open(Map.of("c.weight", float8(Shape.of(1, 2), 3, 4)))) {
      Checkpoint bare = Float8Weights.of(file);
      assertThat(bare.tensor(Quantization.scaleName("c.weight")).toFloats()).containsExactly(1);
    }
  }

  @Test
  void codesOfFiveBitsOfExponentAreExact() throws IOException {
    Tensor all = Tensor.allocate(DType.F8_E5M2, Shape.of(1, 256));
    for (int i = 0; i < 256; i++) {
      all.segment().set(ValueLayout.JAVA_BYTE, i, (byte) i);
    }
    for (int i = 0; i < 256; i++) {
      int exponent = i >> 2 & 31;
      double magnitude =
          exponent == 0
              ? (i & 3) * 0x1p-16
              : exponent == 31
                  ? ((i & 3) == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
                  : Math.scalb(4.0 + (i & 3), exponent - 17);
      assertThat(all.getDouble(i)).isEqualTo(Double.valueOf(i < 128 ? magnitude : -magnitude));
      if (!Double.isNaN(magnitude)) {
        Tensor back = Tensor.allocate(DType.F8_E5M2, Shape.of(1));
        back.setDouble(0, all.getDouble(i));
        assertThat(back.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) i);
      }
    }
  }

  @Test
  void otherFilesStayAsTheyAre() throws IOException {
    try (Checkpoint file = open(Map.of("a.scale_weight", Tensor.ofFloats(Shape.of(1), 1)))) {
      assertThat(Float8Weights.of(file)).isSameAs(file);
    }
  }
}
