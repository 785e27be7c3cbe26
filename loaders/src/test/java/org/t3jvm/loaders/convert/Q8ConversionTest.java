package org.t3jvm.loaders.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.StoredType;
import org.t3jvm.loaders.TestFiles;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.open.ExpectedTensors;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.loaders.safetensors.ShardedWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.Q8;

class Q8ConversionTest {
  private static final long SEED = 3;
  private static final Map<String, Shape> SHAPES =
      Map.of("a.weight", Shape.of(5, 70), "b.weight", Shape.of(300, 64), "norm", Shape.of(70));

  @TempDir private Path dir;

  private static Map<String, Tensor> tensors(DType dtype, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : new String[] {"a.weight", "norm", "b.weight"}) {
      Tensor tensor = Tensor.allocate(dtype, Objects.requireNonNull(SHAPES.get(name)));
      for (long i = 0; i < tensor.shape().elements(); i++) {
        tensor.setDouble(i, random.nextGaussian());
      }
      tensors.put(name, tensor);
    }
    return tensors;
  }

  private static Tensor of(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private Path original() throws IOException {
    return TestFiles.safetensors(dir.resolve("a.safetensors"), tensors(DType.BF16, SEED));
  }

  /** Writes a file with every weight quantised. */
  private Path quantized(Path from) throws IOException {
    Path to = dir.resolve("q8-" + from.getFileName());
    try (Checkpoint base = Checkpoints.open(from)) {
      Q8Conversion conversion = new Q8Conversion(base, info -> info.name().endsWith("weight"), 2);
      new ShardedWriter(to, conversion.layout(), Long.MAX_VALUE)
          .write(conversion, conversion.metadata(), AtomicFile::create);
    }
    return to;
  }

  @Test
  void aWrittenFileHasCodesAndScalesAndEverythingElseAsItWas() throws IOException {
    Map<String, Tensor> given = tensors(DType.BF16, SEED);
    try (Checkpoint made = Checkpoints.open(quantized(original()))) {
      assertThat(made.entries())
          .containsOnlyKeys(
              "a.weight", "a.weight.q8_scale", "b.weight", "b.weight.q8_scale", "norm");
      assertThat(made.metadata())
          .containsEntry("quantization", "q8")
          .containsEntry("quantization.block", "64");
      assertThat(TestFiles.bytes(made.tensor("norm")))
          .isEqualTo(TestFiles.bytes(of(given, "norm")));
      for (String name : new String[] {"a.weight", "b.weight"}) {
        Tensor weight = of(given, name);
        Tensor scales = Tensor.allocate(DType.F32, Q8.scalesShape(weight.shape()));
        Tensor codes = Tensor.allocate(DType.I8, weight.shape());
        Q8.scales(weight, scales, 1);
        Q8.codes(weight, scales, codes, 1);
        assertThat(made.info(name).type()).isEqualTo(StoredType.I8);
        assertThat(TestFiles.bytes(made.tensor(name))).as(name).isEqualTo(TestFiles.bytes(codes));
        assertThat(TestFiles.bytes(made.tensor(name + ".q8_scale")))
            .as(name)
            .isEqualTo(TestFiles.bytes(scales));
      }
      new ExpectedTensors(SHAPES).check(made);
    }
  }

  @Test
  void whatIsQuantisedAlreadyStaysAsItIs() throws IOException {
    Path once = quantized(original());
    Path twice = quantized(once);
    assertThat(twice).hasSameBinaryContentAs(once);
  }

  @Test
  void eitherOfTwoLayeredFilesMayBeQuantised() throws IOException {
    Path base = original();
    Map<String, Tensor> other = tensors(DType.F32, SEED + 1);
    other.remove("b.weight");
    Path top = TestFiles.safetensors(dir.resolve("top.safetensors"), other);
    for (boolean quantizedTop : new boolean[] {true, false}) {
      try (Checkpoint merged =
          Checkpoints.overlay(
              Checkpoints.open(quantizedTop ? base : quantized(base)),
              Checkpoints.open(quantizedTop ? quantized(top) : top))) {
        new ExpectedTensors(SHAPES).check(merged);
        assertThat(merged.info("a.weight").type())
            .isEqualTo(quantizedTop ? StoredType.I8 : StoredType.F32);
        assertThat(merged.info("b.weight").type())
            .isEqualTo(quantizedTop ? StoredType.BF16 : StoredType.I8);
      }
    }
  }

  @Test
  void codesWithoutTheirScalesAreRefused() throws IOException {
    Map<String, Tensor> codes = new LinkedHashMap<>();
    codes.put("a.weight", Tensor.allocate(DType.I8, Shape.of(5, 70)));
    ExpectedTensors expected = new ExpectedTensors(Map.of("a.weight", Shape.of(5, 70)));
    Path file = TestFiles.safetensors(dir.resolve("codes.safetensors"), codes);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThatThrownBy(() -> expected.check(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageStartingWith(
              file
                  + ": tensor 'a.weight' is int8 of another program, without scales as"
                  + " 'a.weight.q8_scale'");
    }
    codes.put("a.weight.q8_scale", Tensor.allocate(DType.F32, Shape.of(5, 3)));
    TestFiles.safetensors(file, codes);
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThatThrownBy(() -> expected.check(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("a.weight.q8_scale is [5, 3], should be [5, 2]");
    }
  }

  @Test
  void anotherBlockIsRefused() throws IOException {
    Path file = dir.resolve("block.safetensors");
    Map<String, Tensor> tensors = tensors(DType.F32, SEED);
    SafetensorsWriter.write(
        file,
        TestFiles.layout(tensors),
        TestFiles.source(tensors),
        Map.of("quantization", "q8", "quantization.block", "32"));
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      assertThatThrownBy(() -> new ExpectedTensors(SHAPES).check(checkpoint))
          .isInstanceOf(CheckpointException.class)
          .hasMessage(
              file
                  + ": its metadata has quantization.block '32', supported is 64;"
                  + " convert it again from the original");
    }
  }

  @Test
  void aDamagedWeightLeavesNoFile() throws IOException {
    Map<String, Tensor> damaged = tensors(DType.F32, SEED);
    of(damaged, "b.weight").setDouble(299 * 64, Float.NaN);
    Path file = TestFiles.safetensors(dir.resolve("nan.safetensors"), damaged);
    assertThatThrownBy(() -> quantized(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(
            file
                + ": tensor 'b.weight' cannot be quantised: from row 0 on, row 299 of F32 [300, 64]"
                + " has NaN or infinity");
    assertThat(dir).isDirectoryNotContaining("glob:**q8*");
  }
}
