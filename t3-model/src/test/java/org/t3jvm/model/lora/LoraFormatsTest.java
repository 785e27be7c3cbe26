package org.t3jvm.model.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.loaders.scaled.Float8Weights;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.model.golden.Loaded;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.quantize.Q8;

/** What trainers write beside plain low-rank factors, merged as plain loops in float64 do it. */
class LoraFormatsTest {
  private static final int OUT = 12;
  private static final int IN = 8;
  private static final String MODULE = "blocks.0.self_attn.q";
  private static final String Q = MODULE + ".weight";
  private static final String BIAS = MODULE + ".bias";
  private static final String MODULATION = "blocks.0.modulation";

  private final Random random = new Random(11);
  private final List<Checkpoint> opened = new ArrayList<>();
  private final double[][] weight = matrix(OUT, IN);

  @TempDir Path dir;
  private int files;

  @AfterEach
  void close() {
    opened.forEach(Checkpoint::close);
  }

  private double[][] matrix(int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, i -> (float) random.nextGaussian());
    }
    return values;
  }

  private static Tensor tensor(double[][] values) {
    Tensor tensor = Tensor.allocate(DType.F32, Shape.of(values.length, values[0].length));
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[0].length; j++) {
        tensor.setDouble((long) i * values[0].length + j, values[i][j]);
      }
    }
    return tensor;
  }

  private static Tensor number(float value) {
    return Tensor.ofFloats(Shape.of(), value);
  }

  private static double[][] times(double[][] a, double[][] b) {
    double[][] product = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          product[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return product;
  }

  private double[][] plus(double factor, double[][] change) {
    double[][] sum = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < IN; j++) {
        sum[i][j] = weight[i][j] + factor * change[i][j];
      }
    }
    return sum;
  }

  private Path write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws IOException {
    List<TensorInfo> layout = new ArrayList<>();
    tensors.forEach((name, tensor) -> layout.add(TensorInfo.of(name, tensor)));
    SafetensorsWriter.write(file, layout, Parameters.of(tensors)::tensor, metadata);
    return file;
  }

  private Path fresh() {
    return dir.resolve("file" + files++ + ".safetensors");
  }

  private Checkpoint remember(Checkpoint checkpoint) {
    opened.add(checkpoint);
    return checkpoint;
  }

  private Loaded dit() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put(Q, tensor(weight));
    tensors.put(BIAS, Tensor.ofFloats(Shape.of(OUT), new float[OUT]));
    tensors.put(MODULATION, Tensor.ofFloats(Shape.of(1, 2, 3), 1, 2, 3, 4, 5, 6));
    return new Loaded(remember(Checkpoints.open(write(fresh(), tensors, Map.of()))));
  }

  private LoraParameters over(Loaded dit, Path file, float scale) throws IOException {
    LoraParameters.Opened lora = new LoraSource(file).open(scale, 2);
    remember(lora.checkpoint());
    return LoraParameters.over(dit, dit.checkpoint(), List.of(lora), true, 2);
  }

  private LoraParameters over(float scale, Map<String, Tensor> lora) throws IOException {
    return over(dit(), write(fresh(), lora, Map.of()), scale);
  }

  private static void assertClose(Tensor actual, double[][] expected, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[0].length; j++) {
        double value = actual.getDouble((long) i * expected[0].length + j);
        assertThat(Math.abs(value - expected[i][j]))
            .as("element [%d, %d]: %s for %s", i, j, value, expected[i][j])
            .isLessThanOrEqualTo(tolerance * (1 + Math.abs(expected[i][j])));
      }
    }
  }

  private Map<String, Tensor> lowRank(double[][] b, double[][] a) {
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put("diffusion_model." + MODULE + ".lora_A.weight", tensor(a));
    lora.put("diffusion_model." + MODULE + ".lora_B.weight", tensor(b));
    return lora;
  }

  @Test
  void modulationIsChangedAsAWhole() throws IOException {
    Tensor change = Tensor.ofFloats(Shape.of(1, 2, 3), 10, 20, 30, 40, 50, 60);
    LoraParameters merged = over(0.5f, Map.of("diffusion_model.blocks.0.diff_m", change));
    assertThat(merged.tensor(MODULATION).toFloats()).containsExactly(6, 12, 18, 24, 30, 36);
  }

  @Test
  void theBiasOfTheSecondFactorCountsByTheSameFactor() throws IOException {
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    double[][] bias = matrix(1, OUT);
    Map<String, Tensor> lora = lowRank(b, a);
    lora.put("diffusion_model." + MODULE + ".lora_B.bias", tensor(bias).reshape(Shape.of(OUT)));
    lora.put("diffusion_model." + MODULE + ".alpha", number(6));
    LoraParameters merged = over(0.5f, lora);
    assertClose(merged.tensor(Q), plus(0.5 * 6 / 2, times(b, a)), 1e-6);
    for (int i = 0; i < OUT; i++) {
      assertThat(merged.tensor(BIAS).getDouble(i)).isEqualTo((float) (1.5 * bias[0][i]));
    }
    assertThat(merged.notes())
        .singleElement()
        .asString()
        .contains("changes 2 tensors, scale 0.5, factor 3.000 (alpha 6.000, rank 2, from its");
  }

  @ParameterizedTest
  @CsvSource({
    "dora_scale, 1",
    "dora_scale, 0.3",
    "lora_magnitude_vector, 1",
    "lora_magnitude_vector.weight, 1"
  })
  void doraGivesEveryRowItsNorm(String name, float scale) throws IOException {
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    double[][] norms = matrix(OUT, 1);
    Map<String, Tensor> lora = lowRank(b, a);
    lora.put("diffusion_model." + MODULE + "." + name, tensor(norms));
    double[][] changed = plus(1, times(b, a));
    double[][] expected = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      double norm = Math.sqrt(Arrays.stream(changed[i]).map(v -> v * v).sum());
      for (int j = 0; j < IN; j++) {
        double decomposed = norms[i][0] * changed[i][j] / norm;
        expected[i][j] = weight[i][j] + scale * (decomposed - weight[i][j]);
      }
    }
    assertClose(over(scale, lora).tensor(Q), expected, 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"1", "0.3"})
  void doraByColumnsGivesEveryColumnItsNorm(float scale) throws IOException {
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    double[][] norms = matrix(1, IN);
    Map<String, Tensor> lora = lowRank(b, a);
    lora.put("diffusion_model." + MODULE + ".dora_scale", tensor(norms));
    double[][] changed = plus(1, times(b, a));
    double[][] expected = new double[OUT][IN];
    for (int j = 0; j < IN; j++) {
      double squares = 0;
      for (int i = 0; i < OUT; i++) {
        squares += changed[i][j] * changed[i][j];
      }
      for (int i = 0; i < OUT; i++) {
        double decomposed = norms[0][j] * changed[i][j] / Math.sqrt(squares);
        expected[i][j] = weight[i][j] + scale * (decomposed - weight[i][j]);
      }
    }
    assertClose(over(scale, lora).tensor(Q), expected, 1e-5);
  }

  @Test
  void normsOfAnotherWeightAreNamed() {
    Map<String, Tensor> lora = lowRank(matrix(OUT, 2), matrix(2, IN));
    lora.put("diffusion_model." + MODULE + ".dora_scale", tensor(matrix(1, IN + 1)));
    assertThatThrownBy(() -> over(1, lora))
        .hasMessageContaining(
            "dora_scale F32 [1, 9] (should be a norm for each row or each column");
  }

  @ParameterizedTest
  @CsvSource({
    "oft_blocks, 'OFT, which is not supported'",
    "lokr_w1, 'its layer has another form, too'",
    "lora_mid.weight, 'its factors are [12, 2] and [2, 8], the weight [12, 8]'",
    "alpha, 'should be one number'"
  })
  void whatIsNotMergedIsRefusedByName(String part, String reason) {
    Map<String, Tensor> lora = lowRank(matrix(OUT, 2), matrix(2, IN));
    lora.put("diffusion_model." + MODULE + "." + part, tensor(matrix(3, 2)));
    assertThatThrownBy(() -> over(1, lora)).hasMessageContainingAll(part, reason);
  }

  @Test
  void anAlphaThatIsNoNumberIsNamed() {
    Map<String, Tensor> lora = lowRank(matrix(OUT, 2), matrix(2, IN));
    lora.put("diffusion_model." + MODULE + ".alpha", number(Float.NaN));
    assertThatThrownBy(() -> over(1, lora)).hasMessageContaining("is NaN, should be a finite");
  }

  @Test
  void flatNamesOfAnotherNetworkAreNone() {
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put("lora_unet_vace_blocks_0_self_attn_q.lora_down.weight", tensor(matrix(2, IN)));
    lora.put("lora_unet_vace_blocks_0_self_attn_q.lora_up.weight", tensor(matrix(OUT, 2)));
    assertThatThrownBy(() -> over(1, lora)).hasMessageContaining("there is no such layer");
  }

  /** Convolutions, whose kernels LyCORIS may decompose: sum_ij A[i, p] T[i, j, k] B[j, r]. */
  @ParameterizedTest
  @CsvSource({"lora_mid", "hada_t", "lokr_t2"})
  void tuckerCoresAreMultipliedOut(String form) throws IOException {
    int kernel = 3;
    Map<String, Tensor> dit = new LinkedHashMap<>();
    double[][] convolution = matrix(OUT, 2 * kernel);
    String name = "patch_embedding.weight";
    dit.put(name, tensor(convolution).reshape(Shape.of(OUT, 2, 1, kernel, 1)));
    Checkpoint base = remember(Checkpoints.open(write(fresh(), dit, Map.of())));
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put("patch_embedding.alpha", Tensor.ofLongs(Shape.of(), 4));
    double[][] change = new double[OUT][2 * kernel];
    if (form.equals("lora_mid")) {
      double[][] mid = matrix(3 * 2, kernel);
      double[][] up = matrix(OUT, 3);
      double[][] down = matrix(2, 2);
      lora.put("patch_embedding.lora_up.weight", tensor(up).reshape(Shape.of(OUT, 3, 1, 1, 1)));
      lora.put("patch_embedding.lora_down.weight", tensor(down).reshape(Shape.of(2, 2, 1, 1, 1)));
      lora.put(
          "patch_embedding.lora_mid.weight", tensor(mid).reshape(Shape.of(3, 2, 1, kernel, 1)));
      tucker(up, mid, down, kernel, change);
    } else if (form.equals("hada_t")) {
      double[][][] parts = new double[2][OUT][2 * kernel];
      for (int w = 0; w < 2; w++) {
        double[][] core = matrix(2 * 2, kernel);
        double[][] a = matrix(2, OUT);
        double[][] b = matrix(2, 2);
        String part = "patch_embedding.hada_";
        lora.put(part + "t" + (w + 1), tensor(core).reshape(Shape.of(2, 2, 1, kernel, 1)));
        lora.put(part + "w%d_a".formatted(w + 1), tensor(a));
        lora.put(part + "w%d_b".formatted(w + 1), tensor(b));
        tucker(transposed(a), core, b, kernel, parts[w]);
      }
      for (int i = 0; i < OUT; i++) {
        for (int j = 0; j < 2 * kernel; j++) {
          change[i][j] = parts[0][i][j] * parts[1][i][j];
        }
      }
    } else {
      double[][] w1 = matrix(3, 2);
      double[][] core = matrix(2 * 2, kernel);
      double[][] a = matrix(2, 4);
      double[][] b = matrix(2, 1);
      lora.put("patch_embedding.lokr_w1", tensor(w1));
      lora.put("patch_embedding.lokr_t2", tensor(core).reshape(Shape.of(2, 2, 1, kernel, 1)));
      lora.put("patch_embedding.lokr_w2_a", tensor(a));
      lora.put("patch_embedding.lokr_w2_b", tensor(b));
      double[][] w2 = new double[4][kernel];
      tucker(transposed(a), core, b, kernel, w2);
      for (int i = 0; i < OUT; i++) {
        for (int j = 0; j < 2 * kernel; j++) {
          change[i][j] = w1[i / 4][j / kernel] * w2[i % 4][j % kernel];
        }
      }
    }
    LoraParameters merged = over(new Loaded(base), write(fresh(), lora, Map.of()), 1);
    double[][] expected = new double[OUT][2 * kernel];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < 2 * kernel; j++) {
        expected[i][j] = convolution[i][j] + 4.0 / 2 * change[i][j];
      }
    }
    assertClose(merged.tensor(name), expected, 1e-5);
  }

  /** The sum over i and j of a[p][i] t[i, j][k] b[j][r], at [p][r * kernel + k]. */
  private static void tucker(
      double[][] a, double[][] t, double[][] b, int kernel, double[][] sums) {
    for (int p = 0; p < a.length; p++) {
      for (int i = 0; i < a[0].length; i++) {
        for (int j = 0; j < b.length; j++) {
          for (int r = 0; r < b[0].length; r++) {
            for (int k = 0; k < kernel; k++) {
              sums[p][r * kernel + k] += a[p][i] * t[i * b.length + j][k] * b[j][r];
            }
          }
        }
      }
    }
  }

  private static double[][] transposed(double[][] matrix) {
    double[][] turned = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        turned[j][i] = matrix[i][j];
      }
    }
    return turned;
  }

  @Test
  void peftScalesALokrOfWholeFactorsByItsConfiguration() throws IOException {
    double[][] w1 = matrix(3, 2);
    double[][] w2 = matrix(4, 4);
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put("base_model.model." + MODULE + ".lokr_w1", tensor(w1));
    lora.put("base_model.model." + MODULE + ".lokr_w2", tensor(w2));
    Path folder = Files.createDirectory(dir.resolve("lokr"));
    write(folder.resolve("adapter_model.safetensors"), lora, Map.of());
    Files.writeString(
        folder.resolve("adapter_config.json"), "{\"peft_type\":\"LOKR\",\"r\":8,\"alpha\":4}");
    double[][] change = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < IN; j++) {
        change[i][j] = w1[i / 4][j / 4] * w2[i % 4][j % 4];
      }
    }
    assertClose(over(dit(), folder, 1).tensor(Q), plus(0.5, change), 1e-6);
  }

  @Test
  void lohaMultipliesTwoProducts() throws IOException {
    double[][] a1 = matrix(OUT, 3);
    double[][] b1 = matrix(3, IN);
    double[][] a2 = matrix(OUT, 3);
    double[][] b2 = matrix(3, IN);
    String module = "lora_unet_blocks_0_self_attn_q.";
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put(module + "hada_w1_a", tensor(a1));
    lora.put(module + "hada_w1_b", tensor(b1));
    lora.put(module + "hada_w2_a", tensor(a2));
    lora.put(module + "hada_w2_b", tensor(b2));
    lora.put(module + "alpha", number(1.5f));
    double[][] first = times(a1, b1);
    double[][] second = times(a2, b2);
    double[][] change = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < IN; j++) {
        change[i][j] = first[i][j] * second[i][j];
      }
    }
    assertClose(over(2, lora).tensor(Q), plus(2 * 1.5 / 3, change), 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void lokrIsAKroneckerProduct(boolean splitFirst, boolean splitSecond) throws IOException {
    double[][] w1 = matrix(3, 2);
    double[][] w2 = matrix(4, 4);
    String module = "lycoris_blocks_0_self_attn_q.";
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put(module + "alpha", number(5));
    double factor = 1;
    if (splitFirst) {
      double[][] a = matrix(3, 2);
      double[][] b = matrix(2, 2);
      w1 = times(a, b);
      factor = 5.0 / 2;
      lora.put(module + "lokr_w1_a", tensor(a));
      lora.put(module + "lokr_w1_b", tensor(b));
    } else {
      lora.put(module + "lokr_w1", tensor(w1));
    }
    if (splitSecond) {
      double[][] a = matrix(4, 1);
      double[][] b = matrix(1, 4);
      w2 = times(a, b);
      factor = 5;
      lora.put(module + "lokr_w2_a", tensor(a));
      lora.put(module + "lokr_w2_b", tensor(b));
    } else {
      lora.put(module + "lokr_w2", tensor(w2));
    }
    double[][] change = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < IN; j++) {
        change[i][j] = w1[i / 4][j / 4] * w2[i % 4][j % 4];
      }
    }
    assertClose(over(1, lora).tensor(Q), plus(factor, change), 1e-5);
  }

  @Test
  void kroneckerFactorsOfAnotherWeightAreNamed() {
    Map<String, Tensor> lora = new LinkedHashMap<>();
    lora.put(MODULE + ".lokr_w1", tensor(matrix(3, 2)));
    lora.put(MODULE + ".lokr_w2", tensor(matrix(4, 5)));
    assertThatThrownBy(() -> over(1, lora))
        .hasMessageContaining("W1 [3, 2] and W2 [4, 5] do not make the weight's [12, 8]");
  }

  @Test
  void layersForImagesAndTextAreSkippedWithACount() throws IOException {
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    Map<String, Tensor> lora = lowRank(b, a);
    lora.put("diffusion_model.blocks.0.cross_attn.k_img.lora_A.weight", tensor(a));
    lora.put("diffusion_model.blocks.0.cross_attn.k_img.lora_B.weight", tensor(b));
    lora.put("diffusion_model.img_emb.proj.0.diff", tensor(a));
    lora.put("lora_te_text_model_layers_0_q.lora_up.weight", tensor(a));
    LoraParameters merged = over(1, lora);
    assertClose(merged.tensor(Q), plus(1, times(b, a)), 1e-6);
    assertThat(merged.notes())
        .singleElement()
        .asString()
        .endsWith("; 3 tensors for images skipped; 1 tensors of a text encoder skipped");
  }

  @Test
  void aLoraOfOtherPartsAloneIsNone() {
    assertThatThrownBy(() -> over(1, Map.of("lora_te_q.lora_up.weight", tensor(matrix(2, 2)))))
        .hasMessageContaining("all its 1 tensors are of a text encoder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"transformer.r\": 2, \"transformer.lora_alpha\": 8} | 4",
        "{\"transformer.lora_alpha\": 8, \"transformer.use_rslora\": true} | 5.656854249492381",
        "{\"r\": 2, \"lora_alpha\": 1} | 0.5",
        "{\"lora_alpha\": 1, \"alpha_pattern\": {\"self_attn.q\": 6}} | 3",
        "{\"lora_alpha\": 1, \"alpha_pattern\":"
            + " {\"k\":1,\"v\":1,\"o\":1,\"self_attn.q\":6,\"q\":2}} | 3",
        "{\"lora_alpha\": 1, \"alpha_pattern\":"
            + " {\"k\":1,\"v\":1,\"o\":1,\"q\":6,\"self_attn.q\":2}} | 3",
        "{\"lora_alpha\": 1, \"alpha_pattern\": {\"blocks\\\\.0\\\\.self_attn\\\\.q$\": 6}} | 3",
        "{\"peft_type\": \"LOHA\", \"alpha\": 6} | 3"
      })
  void alphaIsReadFromTheHeaderAndFromBeside(String json, double factor) throws IOException {
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    Map<String, String> header = Map.of("format", "pt", "lora_adapter_metadata", json);
    Path inHeader = write(fresh(), lowRank(b, a), header);
    LoraParameters merged = over(dit(), inHeader, 1);
    assertClose(merged.tensor(Q), plus(factor, times(b, a)), 1e-6);
    assertThat(merged.notes().getFirst()).contains("from lora_adapter_metadata");

    Path folder = Files.createDirectory(dir.resolve("peft"));
    Path file = write(folder.resolve("adapter_model.safetensors"), lowRank(b, a), Map.of());
    Files.writeString(folder.resolve("adapter_config.json"), json);
    for (Path given : List.of(folder, file)) {
      LoraParameters fromPeft = over(dit(), given, 1);
      assertThat(fromPeft.tensor(Q).toFloats()).isEqualTo(merged.tensor(Q).toFloats());
      assertThat(fromPeft.notes().getFirst()).contains("from adapter_config.json");
      assertThat(new LoraSource(given).files())
          .containsExactly(file, folder.resolve("adapter_config.json"));
    }
  }

  @Test
  void aConfigurationThatIsNoneIsNamed() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("peft"));
    write(
        folder.resolve("adapter_model.safetensors"),
        lowRank(matrix(OUT, 2), matrix(2, IN)),
        Map.of());
    Path config = folder.resolve("adapter_config.json");
    for (String json :
        List.of(
            "{",
            "[1",
            "{\"lora_alpha\": \"much\"}",
            "{\"lora_alpha\": {}}",
            "{\"alpha_pattern\": {\".*q\": 1}}")) {
      Files.writeString(config, json);
      assertThatThrownBy(() -> over(dit(), folder, 1))
          .as(json)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(config.toString())
          .message()
          .hasLineCount(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"F8_E4M3, 1", "F8_E4M3, 12", "F8_E5M2, 1", "F8_E5M2, 12", "I8, 0"})
  void codesAreMergedAsTheValuesThatTheyStandFor(DType dtype, int scales) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    double[][] stored = new double[OUT][IN];
    if (dtype == DType.I8) {
      Tensor codes = Tensor.allocate(DType.I8, Shape.of(OUT, IN));
      Tensor factors = Tensor.allocate(DType.F32, Shape.of(OUT, 1));
      Q8.scales(tensor(weight), factors, 1);
      Q8.codes(tensor(weight), factors, codes, 1);
      tensors.put(Q, codes);
      tensors.put(Quantization.scaleName(Q), factors);
      for (int i = 0; i < OUT; i++) {
        for (int j = 0; j < IN; j++) {
          stored[i][j] = codes.getDouble((long) i * IN + j) * factors.getDouble(i);
        }
      }
    } else {
      Tensor codes = tensor(weight).to(dtype);
      double[][] factors = matrix(scales, 1);
      tensors.put(Q, codes);
      tensors.put(MODULE + ".scale_weight", tensor(factors));
      for (int i = 0; i < OUT; i++) {
        for (int j = 0; j < IN; j++) {
          stored[i][j] = codes.getDouble((long) i * IN + j) * factors[scales == 1 ? 0 : i][0];
        }
      }
    }
    Checkpoint dit = Float8Weights.of(Checkpoints.open(write(fresh(), tensors, Map.of())));
    double[][] b = matrix(OUT, 2);
    double[][] a = matrix(2, IN);
    double[][] change = times(b, a);
    LoraParameters merged =
        over(new Loaded(remember(dit)), write(fresh(), lowRank(b, a), Map.of()), 1);
    assertThat(merged.type(Q).dtype()).isEqualTo(DType.BF16);
    assertThat(merged.tensor(Q).dtype()).isEqualTo(DType.BF16);
    double[][] sum = new double[OUT][IN];
    for (int i = 0; i < OUT; i++) {
      for (int j = 0; j < IN; j++) {
        sum[i][j] = stored[i][j] + change[i][j];
      }
    }
    // BF16 keeps 8 bits.
    assertClose(merged.tensor(Q), sum, 0x1p-8);
  }
}
