package org.t3jvm.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.job.Lora;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;

/** LoRA under every naming, against plain loops in float64; and LoRA that do not fit. */
class LoraParametersTest {
  private static final int THREADS = 3;
  private static final String Q = "blocks.0.self_attn.q.weight";
  private static final String FFN = "blocks.1.ffn.0.weight";
  private static final String PATCH = "patch_embedding.weight";
  private static final String BIAS = "blocks.1.ffn.0.bias";
  private static final int RANK = 3;

  private final Random random = new Random(7);
  private final List<Checkpoint> opened = new ArrayList<>();

  @TempDir Path dir;
  private int files;

  @SuppressWarnings("NullAway.Init")
  private Loaded dit;

  @BeforeEach
  void writeDit() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(Q, randomTensor(70, 6));
    tensors.put(FFN, randomTensor(5, 6).to(DType.BF16));
    tensors.put(BIAS, randomTensor(5));
    tensors.put(PATCH, randomTensor(6, 2, 1, 2, 2));
    dit = new Loaded(open(tensors));
  }

  @AfterEach
  void close() {
    opened.forEach(Checkpoint::close);
  }

  private Tensor randomTensor(long... dims) {
    Shape shape = Shape.of(dims);
    float[] values = new float[(int) shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(shape, values);
  }

  private Checkpoint open(Map<String, Tensor> tensors) throws IOException {
    Path file = dir.resolve("file" + files++ + ".safetensors");
    List<TensorInfo> layout = new ArrayList<>();
    tensors.forEach((name, tensor) -> layout.add(TensorInfo.of(name, tensor)));
    SafetensorsWriter.write(file, layout, Parameters.of(tensors)::tensor, Map.of());
    Checkpoint checkpoint = Checkpoints.open(file);
    opened.add(checkpoint);
    return checkpoint;
  }

  private LoraParameters over(float scale, Map<String, Tensor> lora) throws IOException {
    return LoraParameters.over(
        dit,
        dit.checkpoint(),
        List.of(new LoraParameters.Opened(open(lora), scale)),
        true,
        THREADS);
  }

  /** W + factor * B A, in float64; rows of A as they lie. */
  private double[] expected(double[] weight, Tensor b, Tensor a, double factor) {
    int rows = b.shape().intDim(0);
    int columns = weight.length / rows;
    double[] sum = weight.clone();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        for (int k = 0; k < RANK; k++) {
          sum[i * columns + j] +=
              factor * b.getDouble((long) i * RANK + k) * a.getDouble((long) k * columns + j);
        }
      }
    }
    return sum;
  }

  private static double[] doubles(Tensor tensor) {
    double[] values = new double[(int) tensor.shape().elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.getDouble(i);
    }
    return values;
  }

  private static void assertClose(Tensor actual, double[] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual.getDouble(i))
          .as("element %d", i)
          .isCloseTo(expected[i], Offset.offset(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "blocks.0.self_attn.q, lora_A, lora_B, false",
    "diffusion_model.blocks.0.self_attn.q, lora_A, lora_B, false",
    "blocks.0.self_attn.q, lora_A.default, lora_B.default, false",
    "base_model.model.blocks.0.self_attn.q, lora_A, lora_B, false",
    "transformer.blocks.0.attn1.to_q, lora_A, lora_B, false",
    "transformer.blocks.0.attn1.to_q, lora_A, lora_B, true",
    "diffusion_model.blocks.0.self_attn.q, lora_down, lora_up, true",
    "lora_unet_blocks_0_self_attn_q, lora_down, lora_up, false",
    "lora_unet_blocks_0_self_attn_q, lora_down, lora_up, true",
    "pipe.dit.blocks.0.self_attn.q, lora_A, lora_B, false",
    "pipe.dit.blocks.0.self_attn.q, lora_A.default, lora_B.default, false",
    "diffusion_model._orig_mod.blocks.0.self_attn.q, lora_down, lora_up, true",
    "_orig_mod.blocks.0._orig_mod.self_attn.q, lora_A, lora_B, false",
    "model.diffusion_model.blocks.0.self_attn.q, lora.down, lora.up, false",
    "lycoris_blocks_0_self_attn_q, lora_down, lora_up, true",
    "lora_unet__blocks_0_self_attn_q, lora_down, lora_up, true",
    "lora_transformer_blocks_0_attn1_to_q, lora_down, lora_up, true"
  })
  void everyNamingChangesTheSameWeight(String module, String down, String up, boolean alpha)
      throws IOException {
    Tensor a = randomTensor(RANK, 6);
    Tensor b = randomTensor(70, RANK);
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put(module + "." + down + ".weight", a);
    lora.put(module + "." + up + ".weight", b);
    if (alpha) {
      lora.put(module + ".alpha", Tensor.ofFloats(Shape.of(), 2));
    }
    LoraParameters merged = over(0.7f, lora);
    double factor = alpha ? 0.7 * 2 / RANK : 0.7;
    assertClose(merged.tensor(Q), expected(doubles(dit.tensor(Q)), b, a, factor), 1e-5);
    assertThat(merged.changed()).isEqualTo(1);
    assertThat(merged.bytes()).isEqualTo(70 * 6 * 4);
    assertThat(merged.tensor(Q)).as("made once").isSameAs(merged.tensor(Q));
    assertThat(merged.tensor(FFN).segment().address())
        .as("a weight that no LoRA changes stays where it is stored")
        .isEqualTo(dit.tensor(FFN).segment().address());
  }

  @Test
  void convolutionsAreMatricesOfTheirRows() throws IOException {
    Tensor a = randomTensor(RANK, 2, 1, 2, 2);
    Tensor b = randomTensor(6, RANK, 1, 1, 1);
    LoraParameters merged =
        over(1, Map.of("patch_embedding.lora_A.weight", a, "patch_embedding.lora_B.weight", b));
    assertThat(merged.tensor(PATCH).shape()).isEqualTo(dit.tensor(PATCH).shape());
    assertClose(merged.tensor(PATCH), expected(doubles(dit.tensor(PATCH)), b, a, 1), 1e-5);
  }

  @Test
  void theStoredDtypeIsKeptAndRoundedOnce() throws IOException {
    Tensor a = randomTensor(RANK, 6).to(DType.BF16);
    Tensor b = randomTensor(5, RANK).to(DType.F16);
    Map<String, Tensor> lora =
        Map.of("blocks.1.ffn.0.lora_A.weight", a, "blocks.1.ffn.0.lora_B.weight", b);
    LoraParameters merged =
        LoraParameters.over(
            dit,
            dit.checkpoint(),
            List.of(
                new LoraParameters.Opened(open(lora), 0.01f),
                new LoraParameters.Opened(open(lora), 0.5f)),
            true,
            THREADS);
    Tensor weight = merged.tensor(FFN);
    assertThat(weight.dtype()).isEqualTo(DType.BF16);
    double[] exact = expected(doubles(dit.tensor(FFN)), b, a, 0.51);
    for (int i = 0; i < exact.length; i++) {
      // Half a step of BF16's 8 bits: a rounding after each of the two would pass it.
      assertThat(weight.getDouble(i))
          .as("element %d", i)
          .isCloseTo(exact[i], Offset.offset(Math.abs(exact[i]) * 0x1p-8 + 1e-6));
    }
    assertThat(merged.bytes()).as("a weight that two LoRA change is one").isEqualTo(5 * 6 * 2);
  }

  @Test
  void wholeChangesOfWeightsAndBiasesAreAdded() throws IOException {
    Tensor weight = randomTensor(70, 6);
    Tensor bias = randomTensor(5);
    LoraParameters merged =
        over(
            0.5f,
            Map.of(
                "diffusion_model.blocks.0.self_attn.q.diff", weight,
                "diffusion_model.blocks.1.ffn.0.diff_b", bias));
    double[] sum = doubles(dit.tensor(Q));
    for (int i = 0; i < sum.length; i++) {
      sum[i] += 0.5 * weight.getDouble(i);
    }
    assertClose(merged.tensor(Q), sum, 1e-6);
    double[] biases = doubles(dit.tensor(BIAS));
    for (int i = 0; i < biases.length; i++) {
      biases[i] += 0.5 * bias.getDouble(i);
    }
    assertClose(merged.tensor(BIAS), biases, 1e-6);
  }

  @Test
  void aWholeChangeAndOneOfLowRankAddUp() throws IOException {
    Tensor whole = randomTensor(70, 6);
    Tensor a = randomTensor(RANK, 6);
    Tensor b = randomTensor(70, RANK);
    LoraParameters merged =
        over(
            2,
            Map.of(
                "blocks.0.self_attn.q.diff", whole,
                "blocks.0.self_attn.q.lora_down.weight", a,
                "blocks.0.self_attn.q.lora_up.weight", b));
    double[] sum = expected(doubles(dit.tensor(Q)), b, a, 2);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += 2 * whole.getDouble(i);
    }
    assertClose(merged.tensor(Q), sum, 1e-5);
  }

  @Test
  void oneLayerUnderTwoNamesIsRefused() {
    assertThatThrownBy(
            () ->
                over(
                    1,
                    Map.of(
                        "blocks.0.self_attn.q.lora_A.weight", randomTensor(RANK, 6),
                        "transformer.blocks.0.attn1.to_q.lora_A.weight", randomTensor(RANK, 6),
                        "blocks.0.self_attn.q.lora_B.weight", randomTensor(70, RANK))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 of its 3 tensors do not fit")
        .hasMessageContaining("(the same as ");
  }

  @Test
  void whatIsNotKeptIsMadeAgain() throws IOException {
    Map<String, Tensor> tensors =
        Map.of(
            "blocks.0.self_attn.q.lora_A.weight", randomTensor(RANK, 6),
            "blocks.0.self_attn.q.lora_B.weight", randomTensor(70, RANK));
    LoraParameters.Opened lora = new LoraParameters.Opened(open(tensors), 1);
    LoraParameters kept = LoraParameters.over(dit, dit.checkpoint(), List.of(lora), true, THREADS);
    LoraParameters passing =
        LoraParameters.over(dit, dit.checkpoint(), List.of(lora), false, THREADS);
    assertThat(passing.tensor(Q)).isNotSameAs(passing.tensor(Q));
    assertThat(passing.tensor(Q).toFloats()).isEqualTo(kept.tensor(Q).toFloats());
    assertThat(passing.changed()).isEqualTo(1);
    assertThat(passing.bytes()).isZero();
  }

  @Test
  void scaleZeroChangesNoBit() throws IOException {
    LoraParameters merged =
        over(
            0,
            Map.of(
                "blocks.0.self_attn.q.lora_A.weight", randomTensor(RANK, 6),
                "blocks.0.self_attn.q.lora_B.weight", randomTensor(70, RANK)));
    assertThat(merged.tensor(Q).toFloats()).isEqualTo(dit.tensor(Q).toFloats());
  }

  @Test
  void aLoraForAnotherModelNamesTheFirstFive() {
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put("blocks.0.self_attn.q.lora_A.weight", randomTensor(RANK, 8));
    lora.put("blocks.0.self_attn.q.lora_B.weight", randomTensor(71, RANK));
    for (int i = 2; i < 8; i++) {
      lora.put("blocks." + i + ".self_attn.q.lora_A.weight", randomTensor(RANK, 6));
    }
    assertThatThrownBy(() -> over(1, lora))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("file1.safetensors is no LoRA for " + dit.checkpoint().description())
        .hasMessageContaining("8 of its 8 tensors do not fit: ")
        .hasMessageContaining(
            "blocks.2.self_attn.q.lora_A.weight F32 [3, 6] (there is no such layer)")
        .hasMessageContaining(" and 3 more")
        .hasMessageNotContaining("blocks.7.");
  }

  @Test
  void shapesThatDoNotFitAreNamedWithTheWeights() {
    assertThatThrownBy(
            () ->
                over(
                    1,
                    Map.of(
                        "blocks.0.self_attn.q.lora_A.weight", randomTensor(RANK, 8),
                        "blocks.0.self_attn.q.lora_B.weight", randomTensor(70, RANK))))
        .isInstanceOf(IOException.class)
        .hasMessageEndingWith(
            "1 of its 2 tensors do not fit: blocks.0.self_attn.q.lora_A.weight F32 [3, 8]"
                + " (the weight is [70, 6])");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "blocks.0.self_attn.q.lora_A.weight | 3,6 | its other half is missing",
        "blocks.0.self_attn.q.alpha | 1 | its other half is missing",
        "blocks.0.self_attn.q.lora_magnitude_vector | 70 | its other half is missing",
        "blocks.0.self_attn.q.diff | 6,70 | should be [70, 6]",
        "blocks.0.self_attn.q.diff_b | 70 | there is no such layer",
        "blocks.0.self_attn.q.lora_C.weight | 3,6 | not a LoRA tensor's name",
        "blocks.9.self_attn.q.lora_down.weight | 3,6 | there is no such layer"
      })
  void whatCannotBeUsedIsToldAndNotLeftOut(String name, String dims, String reason) {
    long[] extents = Arrays.stream(dims.split(",")).mapToLong(Long::parseLong).toArray();
    assertThatThrownBy(() -> over(1, Map.of(name, randomTensor(extents))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1 of its 1 tensors do not fit: " + name)
        .hasMessageContaining(reason);
  }

  @Test
  void aFileWithoutTensorsIsNoLora() {
    assertThatThrownBy(() -> over(1, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no LoRA");
  }

  @ParameterizedTest
  @CsvSource({
    "style.safetensors, style.safetensors, 1",
    "style.safetensors:0.8, style.safetensors, 0.8",
    "a/b.c/style.safetensors:-1.5, a/b.c/style.safetensors, -1.5",
    "C:style, C:style, 1"
  })
  void optionsAreAFileAndAScale(String text, String file, float scale) {
    assertThat(Lora.parse(text)).isEqualTo(new Lora(Path.of(file), scale));
  }

  @Test
  void scalesThatAreNoneAreNamed() {
    assertThatThrownBy(() -> Lora.parse("style.safetensors:strong"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'strong' is no scale");
    assertThatThrownBy(() -> Lora.parse("style.safetensors:NaN"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be a finite number");
  }

  /** Only the thread that made a confined weight may read it. */
  @Test
  void oneThreadComputesAChangedWeightAlone() throws IOException {
    Map<String, Tensor> lora =
        Map.of(
            "blocks.0.self_attn.q.lora_A.weight",
            randomTensor(RANK, 6),
            "blocks.0.self_attn.q.lora_B.weight",
            randomTensor(70, RANK));
    LoraParameters.Opened file = new LoraParameters.Opened(open(lora), 0.5f);
    try (Arena confined = Arena.ofConfined()) {
      Tensor weight = Tensor.allocate(confined, DType.F32, Shape.of(70, 6));
      weight.copyFrom(dit.tensor(Q));
      LoraParameters alone =
          LoraParameters.over(name -> weight, dit.checkpoint(), List.of(file), true, 1);
      LoraParameters several =
          LoraParameters.over(dit, dit.checkpoint(), List.of(file), true, THREADS);
      assertThat(alone.tensor(Q).toFloats()).isEqualTo(several.tensor(Q).toFloats());
    }
  }
}
