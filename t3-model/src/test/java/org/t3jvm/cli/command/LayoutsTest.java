package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.golden.Fixture;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Folders in every layout that the releases come in, made of one tiny model: each is told by
 * inspect, and generates the very frames of the original folder.
 */
class LayoutsTest {
  private static final FixtureSet SET = FixtureSet.bundled();

  @TempDir Path dir;
  private Path wan = Path.of("");

  private record Result(int status, String out, String err) {}

  private static Result t3(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Stream.of(args).map(Object::toString).toArray(String[]::new);
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Result(status, out.toString(), err.toString());
  }

  private static String succeeds(Object... args) {
    Result result = t3(args);
    assertThat(result.status()).as("%s: %s", List.of(args), result.err()).isZero();
    return result.out();
  }

  @BeforeEach
  void buildWanFolder() throws IOException {
    wan = ModelFolder.build(SET, Files.createDirectory(dir.resolve("Wan2.1-T2V-1.3B"))).path();
  }

  /** The frames that a model's options make. */
  private Map<String, List<Byte>> frames(Object... model) throws IOException {
    Path folder = Files.createTempDirectory(dir, "frames");
    List<Object> line = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    line.addAll(List.of("--attention", "full", "--height", 64, "--width", 64, "--frames", 5));
    line.addAll(List.of("--steps", 2, "--out", folder + "/"));
    line.addAll(List.of(model));
    succeeds(line.toArray());
    Map<String, List<Byte>> frames = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".png")).sorted().toList()) {
        List<Byte> bytes = new ArrayList<>();
        for (byte each : Files.readAllBytes(file)) {
          bytes.add(each);
        }
        frames.put(file.getFileName().toString(), bytes);
      }
    }
    assertThat(frames).hasSize(5);
    return frames;
  }

  /** What the diffusers team publishes of a Wan folder: parts in folders, tokenizer alone. */
  private Path diffusers(Path original, Fixture dit, String vae) throws IOException {
    Path folder = Files.createDirectory(dir.resolve(original.getFileName() + "-Diffusers"));
    for (String part : new String[] {"transformer", "vae", "text_encoder", "tokenizer"}) {
      Files.createDirectory(folder.resolve(part));
    }
    Path index = original.resolve("diffusion_pytorch_model.safetensors.index.json");
    convertToDiffusers(
        Files.exists(index) ? index : original.resolve(ModelFolder.DIT),
        folder.resolve("transformer/diffusion_pytorch_model.safetensors"),
        "100k");
    convertToDiffusers(
        original.resolve(ModelFolder.TEXT_ENCODER),
        folder.resolve("text_encoder/model.safetensors"),
        "200k");
    convertToDiffusers(
        original.resolve(vae), folder.resolve("vae/diffusion_pytorch_model.safetensors"), "5g");
    Files.writeString(
        folder.resolve("transformer/config.json"),
        "{\"num_attention_heads\": %d}".formatted(dit.config("num_heads")));
    Files.copy(
        SET.named("tokenizer").path("/spiece.model"), folder.resolve("tokenizer/spiece.model"));
    return folder;
  }

  private static void convertToDiffusers(Path from, Path to, String shardSize) {
    succeeds("convert", from, to, "--names", "diffusers", "--shard-size", shardSize);
  }

  @Test
  void aDiffusersFolderMakesTheSameFrames() throws IOException {
    Path folder = diffusers(wan, SET.named("dit13"), ModelFolder.VAE);
    assertThat(folder.resolve("transformer/diffusion_pytorch_model.safetensors")).doesNotExist();
    assertThat(folder.resolve("text_encoder/model.safetensors.index.json")).exists();
    assertThat(frames("--model", folder)).isEqualTo(frames("--model", wan));
    assertThat(succeeds("inspect", folder))
        .contains("layout    diffusers folder")
        .contains("DiT       transformer/diffusion_pytorch_model.safetensors.index.json")
        .contains("text      text_encoder/model.safetensors.index.json")
        .contains("tokenizer tokenizer/spiece.model")
        .contains("kind      DiT, 5 layers of width 72, 3 heads,")
        .contains("kind      UMT5 encoder, 3 layers of width 64, 4 heads")
        .contains("kind      VAE, Wan2.1, ")
        .containsPattern("(?s)(names     diffusers names.*){3}")
        .doesNotContain("original names");
  }

  @Test
  void theTi2vFolderAndItsDiffusersFolderMakeTheSameFrames() throws IOException {
    Path original =
        ModelFolder.build5b(SET, Files.createDirectory(dir.resolve("Wan2.2-TI2V-5B"))).path();
    Path folder = diffusers(original, SET.named("dit5b"), ModelFolder.VAE22);
    assertThat(frames("--model", folder)).isEqualTo(frames("--model", original));
    assertThat(succeeds("inspect", original))
        .contains("layout    Wan folder\n")
        .contains("DiT       diffusion_pytorch_model.safetensors.index.json")
        .contains("VAE       Wan2.2_VAE.pth")
        .contains("kind      VAE, Wan2.2, ")
        .containsPattern("(?s)(names     original names.*){3}");
  }

  @Test
  void foldersOfTwoDitsMakeTheSameFrames() throws IOException {
    Path a14b = Files.createDirectory(dir.resolve("Wan2.2-T2V-A14B"));
    Path diffusers = diffusers(wan, SET.named("dit13"), ModelFolder.VAE);
    for (String name : new String[] {"high_noise_model", "low_noise_model"}) {
      Files.createDirectory(a14b.resolve(name));
      Files.copy(wan.resolve(ModelFolder.DIT), a14b.resolve(name).resolve(ModelFolder.DIT));
      Files.copy(wan.resolve("config.json"), a14b.resolve(name).resolve("config.json"));
    }
    for (String name : new String[] {ModelFolder.TEXT_ENCODER, ModelFolder.VAE}) {
      Files.copy(wan.resolve(name), a14b.resolve(name));
    }
    Files.copy(SET.named("tokenizer").path("/spiece.model"), a14b.resolve("spiece.model"));
    Path second = Files.createDirectory(diffusers.resolve("transformer_2"));
    convertToDiffusers(
        wan.resolve(ModelFolder.DIT), second.resolve("diffusion_pytorch_model.safetensors"), "5g");
    Map<String, List<Byte>> expected = frames("--model", wan);
    assertThat(frames("--model", a14b)).isEqualTo(expected);
    assertThat(frames("--model", diffusers)).isEqualTo(expected);
    assertThat(succeeds("inspect", a14b))
        .contains("layout    Wan folder of two DiTs")
        .contains("low noise low_noise_model/" + ModelFolder.DIT);
    assertThat(succeeds("inspect", diffusers))
        .contains("low noise transformer_2/diffusion_pytorch_model.safetensors");
  }

  /** A .pth of the DiT, ComfyUI's prefixes, and all parts in one file. */
  @Test
  void filesGivenOneByOneMakeTheSameFrames() throws IOException {
    Map<String, Tensor> all = new LinkedHashMap<>();
    try (Checkpoint dit = Checkpoints.open(wan.resolve(ModelFolder.DIT));
        Checkpoint text = Checkpoints.open(wan.resolve(ModelFolder.TEXT_ENCODER));
        Checkpoint vae = Checkpoints.open(wan.resolve(ModelFolder.VAE))) {
      PthWriter.write(dir.resolve("dit.pth"), List.copyOf(dit.entries().values()), dit);
      put(all, "model.diffusion_model.", dit);
      put(all, "text_encoders.umt5xxl.transformer.", text);
      put(all, "vae.", vae);
      List<TensorInfo> layout = new ArrayList<>();
      all.forEach((name, tensor) -> layout.add(TensorInfo.of(name, tensor)));
      SafetensorsWriter.write(
          dir.resolve("all.safetensors"),
          layout,
          name -> Objects.requireNonNull(all.get(name)),
          Map.of());
    }
    Files.copy(wan.resolve("config.json"), dir.resolve("config.json"));
    Path one = dir.resolve("all.safetensors");
    Path tokenizer = wan.resolve(ModelFolder.TOKENIZER);
    Map<String, List<Byte>> expected = frames("--model", wan);
    assertThat(frames("--model", wan, "--dit", dir.resolve("dit.pth"))).isEqualTo(expected);
    assertThat(frames("--dit", one, "--text-encoder", one, "--vae", one, "--tokenizer", tokenizer))
        .isEqualTo(expected);
    assertThat(succeeds("inspect", one))
        .contains("kind      DiT, ", "kind      UMT5 encoder, ", "kind      VAE, ")
        .contains("names     original names after model.diffusion_model.")
        .contains("names     original names after vae.");
  }

  private static void put(Map<String, Tensor> all, String prefix, Checkpoint part)
      throws IOException {
    for (String name : part.entries().keySet()) {
      all.put(prefix + name, part.tensor(name));
    }
  }

  /** One number, one for each row, or four for the quarters of a weight; all about 0.007. */
  private static Tensor scales(String weight, int rows) {
    Shape shape =
        weight.contains(".ffn.")
            ? Shape.of(2, 2)
            : weight.contains(".cross_attn.") ? Shape.of(rows, 1) : Shape.of();
    float[] scales = new float[(int) shape.elements()];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = 0.007f + 0.0001f * (i % 5);
    }
    return Tensor.ofFloats(shape, scales);
  }

  /** ComfyUI's scaled FP8: the same frames as with the same weights widened by convert. */
  @Test
  void float8WeightsMakeTheFramesOfTheirWidenedValues() throws IOException {
    Path float8 = dir.resolve("dit_fp8_e4m3fn_scaled.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("scaled_fp8", Tensor.allocate(DType.F8_E4M3, Shape.of(2)));
    try (Checkpoint dit = Checkpoints.open(wan.resolve(ModelFolder.DIT))) {
      for (String name : dit.entries().keySet()) {
        Tensor stored = dit.tensor(name);
        boolean linear = name.startsWith("blocks.") && stored.shape().rank() == 2;
        Tensor kept = linear ? Tensor.allocate(DType.F8_E4M3, stored.shape()) : stored;
        for (long i = 0; linear && i < stored.shape().elements(); i++) {
          kept.setDouble(i, stored.getDouble(i) / 0.007);
        }
        tensors.put(name, kept);
        if (linear) {
          String module = name.substring(0, name.length() - "weight".length());
          tensors.put(module + "scale_weight", scales(name, stored.shape().intDim(0)));
        }
      }
      List<TensorInfo> layout = new ArrayList<>();
      tensors.forEach((name, tensor) -> layout.add(TensorInfo.of(name, tensor)));
      SafetensorsWriter.write(
          float8, layout, name -> Objects.requireNonNull(tensors.get(name)), Map.of());
    }
    Path wide = dir.resolve("wide.safetensors");
    succeeds("convert", float8, wide, "--dtype", "f32");
    Files.copy(wan.resolve("config.json"), dir.resolve("config.json"));
    Map<String, List<Byte>> frames = frames("--model", wan, "--dit", float8);
    assertThat(frames).isEqualTo(frames("--model", wan, "--dit", wide));
    assertThat(frames).as("rounded weights").isNotEqualTo(frames("--model", wan));
    assertThat(succeeds("inspect", float8)).contains("kind      DiT, ", "F8_E4M3");
  }

  @Test
  void missingShardsAndDamagedFilesAreToldAndTheRestToo() throws IOException {
    Path folder = diffusers(wan, SET.named("dit13"), ModelFolder.VAE);
    Path shard;
    try (Stream<Path> files = Files.list(folder.resolve("transformer"))) {
      shard =
          files.filter(file -> file.toString().contains("-00002-of-")).findFirst().orElseThrow();
    }
    Files.delete(shard);
    Result result = t3("inspect", folder);
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err().strip())
        .isEqualTo("t3: 1 of 3 checkpoints in '%s' cannot be read; see above".formatted(folder));
    assertThat(result.out())
        .contains("damaged   ", "1 shards are missing beside it: " + shard.getFileName())
        .contains("kind      VAE, ");
    Files.delete(folder.resolve("transformer/diffusion_pytorch_model.safetensors.index.json"));
    assertThat(t3("inspect", folder).out()).contains("missing beside it are those numbered [2]");
  }
}
