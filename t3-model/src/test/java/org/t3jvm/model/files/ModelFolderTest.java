package org.t3jvm.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.Main;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.pth.PthWriter;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.golden.Fixture;
import org.t3jvm.model.golden.FixtureSet;
import org.t3jvm.model.golden.Golden;
import org.t3jvm.model.golden.ModelFolder;
import org.t3jvm.model.golden.RecordedRun;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.primer.PrimerTokenizer;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;

/** A folder laid out as upstream's downloads are: found, opened, overlaid, refused. */
class ModelFolderTest {
  private static final FixtureSet SET = FixtureSet.bundled();
  private static final Fixture PIPE = SET.named("pipe13");

  @SuppressWarnings("NullAway.Init")
  private static Backend backend;

  @TempDir Path dir;
  private ModelFolder model = new ModelFolder(Path.of(""));

  @BeforeAll
  static void openBackend() {
    backend = Backends.named("cpu").open(BackendOptions.defaults());
  }

  @AfterAll
  static void closeBackend() {
    backend.close();
  }

  @BeforeEach
  void buildFolder() throws IOException {
    model = ModelFolder.build(SET, Files.createDirectory(dir.resolve("Wan2.1-T2V-1.3B")));
  }

  @Test
  void aTokenizerOfFarFewerOrMoreIdsIsRefused() throws IOException {
    Path small = Files.write(dir.resolve("tokenizer.json"), PrimerTokenizer.json());
    ModelSource source = new ModelSource(model.path(), null, null, null, null, null, small);
    assertThatThrownBy(() -> VideoModel.open(ModelFiles.find(source)))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            ".*tokenizer.json' has \\d+ ids, the text encoder '.*' embeds \\d+; .* files.tokenizer"
                + " FILE");
  }

  @Test
  void oneOfTwoPrecisionsIsToBeChosen() throws IOException {
    Path dit = part(ModelFolder.DIT);
    Files.copy(dit, part("diffusion_pytorch_model.fp16.safetensors"));
    assertThatThrownBy(() -> ModelFiles.find(ModelSource.of(model.path())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 2 files for the DiT: ")
        .hasMessageEndingWith("keep one, or give files.dit FILE");
  }

  @Test
  void theModelFolderOfComfyUiIsFound() throws IOException {
    Path comfy = dir.resolve("models");
    for (String name :
        List.of(
            "diffusion_models/wan2.2_t2v_high_noise_14B.safetensors",
            "diffusion_models/wan2.2_t2v_low_noise_14B.safetensors",
            "text_encoders/umt5_xxl_fp8_e4m3fn_scaled.safetensors",
            "text_encoders/clip_l.safetensors",
            "vae/ae.safetensors",
            "vae/wan_2.1_vae.safetensors",
            "tokenizer.json")) {
      Files.createDirectories(comfy.resolve(name).resolveSibling(""));
      Files.writeString(comfy.resolve(name), "x");
    }
    ModelFiles files = ModelFiles.find(ModelSource.of(comfy));
    assertThat(files.dit().getFirst()).hasFileName("wan2.2_t2v_high_noise_14B.safetensors");
    assertThat(files.ditLow().getFirst()).hasFileName("wan2.2_t2v_low_noise_14B.safetensors");
    assertThat(files.textEncoder()).hasFileName("umt5_xxl_fp8_e4m3fn_scaled.safetensors");
    assertThat(files.vae()).hasFileName("wan_2.1_vae.safetensors");
  }

  private Path part(String name) {
    return model.path().resolve(name);
  }

  private static Tensor frames(ModelFiles files) throws IOException {
    return RecordedRun.of(files, ModelFolder.request(PIPE), backend).frames();
  }

  private ModelFiles with(@Nullable Path dit, @Nullable Path t3) throws IOException {
    return ModelFiles.find(new ModelSource(model.path(), dit, null, t3, null, null, null));
  }

  private String openingFails(ModelFiles files) {
    try (VideoModel opened = VideoModel.open(files)) {
      throw new AssertionError("opened " + opened.ditConfig());
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Rewrites the tensors of a file; one that becomes null is left out. */
  private static void rewrite(
      Path from, Path to, BiFunction<String, Tensor, @Nullable Tensor> change) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Checkpoint file = Checkpoints.open(from)) {
      for (String name : file.entries().keySet()) {
        Tensor changed = change.apply(name, file.tensor(name));
        if (changed != null) {
          tensors.put(name, changed);
        }
      }
      write(to, tensors);
    }
  }

  private static void write(Path to, Map<String, Tensor> tensors) throws IOException {
    var layout =
        tensors.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList();
    if (to.toString().endsWith(".pth")) {
      PthWriter.write(to, layout, Parameters.of(tensors)::tensor);
    } else {
      SafetensorsWriter.write(to, layout, Parameters.of(tensors)::tensor, Map.of("format", "pt"));
    }
  }

  private static Tensor zeros(Tensor tensor) {
    return Tensor.allocate(tensor.dtype(), tensor.shape());
  }

  @Test
  void everyPartIsFoundUnderUpstreamsName() throws IOException {
    ModelFiles files = model.files();
    assertThat(files.dit()).containsExactly(part(ModelFolder.DIT));
    assertThat(files.t3()).isEmpty();
    assertThat(files.textEncoder()).isEqualTo(part(ModelFolder.TEXT_ENCODER));
    assertThat(files.vae()).isEqualTo(part(ModelFolder.VAE));
    assertThat(files.tokenizer()).isEqualTo(part(ModelFolder.TOKENIZER));
    assertThat(files.config()).contains(part(ModelFolder.CONFIG).toAbsolutePath());
  }

  @Test
  void theFolderMakesTheReferencesVideo() throws IOException {
    RecordedRun run = RecordedRun.of(model.files(), ModelFolder.request(PIPE), backend);
    try (Checkpoint io = Checkpoints.open(PIPE.path("/io.safetensors"))) {
      Golden.within("video", run.video(), io.tensor("video"), PIPE.tolerance("video_abs"));
    }
  }

  @Test
  void aT3StateDictReplacesTheBasesWeights() throws IOException {
    byte[] alone = bytes(frames(model.files()));
    Path t3 = dir.resolve("t3_video.safetensors");
    Files.move(part(ModelFolder.DIT), t3);
    rewrite(
        t3,
        part(ModelFolder.DIT),
        (name, tensor) -> name.startsWith("blocks.") ? zeros(tensor) : tensor);
    byte[] base = bytes(frames(model.files()));
    byte[] overlaid = bytes(frames(with(null, t3)));
    assertThat(overlaid).isEqualTo(alone);
    assertThat(overlaid).as("the base alone makes another video").isNotEqualTo(base);
    try (Checkpoint io = Checkpoints.open(PIPE.path("/io.safetensors"))) {
      RecordedRun run = RecordedRun.of(with(null, t3), ModelFolder.request(PIPE), backend);
      Golden.within("video", run.video(), io.tensor("video"), PIPE.tolerance("video_abs"));
    }
  }

  /** Windows, sizes and the rest as a user gives them; frames as PNG, which loses nothing. */
  @Test
  void theCommandLineMakesTheSameFrames() throws IOException {
    Path t3 = dir.resolve("t3_video.safetensors");
    Files.copy(part(ModelFolder.DIT), t3);
    rewrite(t3, part(ModelFolder.DIT), (name, tensor) -> zeros(tensor));
    GenerationRequest request = ModelFolder.request(PIPE);
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("--model", model.path());
    options.put("--t3", t3);
    options.put("--prompt", request.prompt());
    options.put("--negative", request.negative());
    options.put("--windows", PIPE.windows());
    options.put("--height", request.height());
    options.put("--width", request.width());
    options.put("--frames", request.frames());
    options.put("--steps", request.steps());
    options.put("--cfg", request.guidance());
    options.put("--shift", request.shift());
    options.put("--seed", request.seed());
    options.put("--out", dir.resolve("frames") + "/");
    List<String> line = new ArrayList<>(List.of("generate", "--quiet"));
    options.forEach((option, value) -> line.addAll(List.of(option, value.toString())));
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            line.toArray(String[]::new));
    assertThat(status).as(err.toString()).isZero();
    Tensor expected = frames(with(null, t3));
    for (int f = 0; f < request.frames(); f++) {
      Path png = dir.resolve("frames/frame_%05d.png".formatted(f));
      assertThat(rgb(ImageIO.read(png.toFile())))
          .as(png.toString())
          .isEqualTo(bytes(expected.rows(f, 1)));
    }
  }

  private static byte[] rgb(BufferedImage image) {
    byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
    for (int i = 0; i < rgb.length / 3; i++) {
      int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
      rgb[3 * i] = (byte) (pixel >> 16);
      rgb[3 * i + 1] = (byte) (pixel >> 8);
      rgb[3 * i + 2] = (byte) pixel;
    }
    return rgb;
  }

  @Test
  void aDitInShardsIsOne() throws IOException {
    byte[] whole = bytes(frames(model.files()));
    Path single = dir.resolve("single.safetensors");
    Files.move(part(ModelFolder.DIT), single);
    Path first = part("diffusion_pytorch_model-00001-of-00002.safetensors");
    Path second = part("diffusion_pytorch_model-00002-of-00002.safetensors");
    rewrite(single, first, (name, tensor) -> name.startsWith("blocks.") ? tensor : null);
    rewrite(single, second, (name, tensor) -> name.startsWith("blocks.") ? null : tensor);
    assertThat(model.files().dit()).containsExactly(first, second);
    assertThat(bytes(frames(model.files()))).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ModelFolder.DIT + " | DiT | diffusion_pytorch_model*.safetensors | files.dit",
        ModelFolder.TEXT_ENCODER
            + " | text encoder | models_t5_umt5-xxl-enc-bf16.pth"
            + " | files.textEncoder",
        ModelFolder.VAE + " | VAE | Wan2.1_VAE.pth | files.vae",
        ModelFolder.TOKENIZER + " | tokenizer | google/umt5-xxl/tokenizer.json | files.tokenizer"
      })
  void aMissingPartIsNamedWithItsFileAndOption(String file, String part, String name, String option)
      throws IOException {
    Files.delete(part(file));
    assertThatThrownBy(model::files)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "model folder '%s' has no %s: looked for".formatted(model.path(), part))
        .hasMessageContaining(name)
        .hasMessageEndingWith("put it there or give " + option + " FILE");
  }

  @Test
  void aFolderThatIsNoneIsNamed() {
    Path nowhere = dir.resolve("nowhere");
    assertThatThrownBy(() -> ModelFiles.find(ModelSource.of(nowhere)))
        .isInstanceOf(IOException.class)
        .hasMessage("model folder '" + nowhere + "' is not a folder");
    assertThatThrownBy(() -> ModelFiles.find(ModelSource.EMBEDDED))
        .isInstanceOf(IOException.class)
        .hasMessage("no DiT: give files.folder DIR or files.dit FILE");
  }

  @Test
  void missingUnexpectedAndMisshapenTensorsAreAllNamed() throws IOException {
    Path broken = dir.resolve("broken.safetensors");
    rewrite(
        part(ModelFolder.DIT),
        broken,
        (name, tensor) ->
            switch (name) {
              case "head.head.bias", "blocks.3.norm3.weight" -> null;
              case "blocks.2.ffn.0.bias" ->
                  Tensor.allocate(tensor.dtype(), Shape.of(tensor.shape().dim(0) + 1));
              default -> tensor;
            });
    assertThat(openingFails(with(broken, null)))
        .as("beside no config.json, the tiny DiT has one head")
        .contains(broken.toString())
        .contains("2 tensors missing: ")
        .contains("head.head.bias [64]")
        .contains("blocks.3.norm3.weight [72]")
        .contains("1 tensor of the wrong shape: blocks.2.ffn.0.bias is [101], should be [100]");
  }

  @Test
  void aT3StateDictThatDoesNotFitIsRefused() throws IOException {
    Path t3 = dir.resolve("t3_video.safetensors");
    rewrite(
        part(ModelFolder.DIT),
        t3,
        (name, tensor) ->
            name.equals("blocks.0.ffn.0.bias")
                ? Tensor.allocate(tensor.dtype(), Shape.of(7))
                : tensor);
    assertThat(openingFails(with(null, t3)))
        .contains(t3 + " does not fit over ")
        .contains("1 of another shape (blocks.0.ffn.0.bias is [7], should be [100])");
    write(t3, Map.of("vace_blocks.0.weight", Tensor.ofFloats(Shape.of(1), 1)));
    assertThat(openingFails(with(null, t3)))
        .contains("1 unexpected tensors (vace_blocks.0.weight [1])");
  }

  @Test
  void partsOfDifferentModelsAreRefused() throws IOException {
    Umt5Config wide = new Umt5Config(300, 32, 32, 48, 4, 1, 32);
    write(part(ModelFolder.TEXT_ENCODER), RandomWeights.of(wide.parameterShapes(), 1));
    assertThat(openingFails(model.files()))
        .isEqualTo(
            "'%s' gives context rows of width 32, the DiT takes 64; they are of different models"
                .formatted(part(ModelFolder.TEXT_ENCODER)));
  }

  @Test
  void aDitOfOtherLatentsThanTheVaesIsRefused() throws IOException {
    Path wan22 = SET.named("dit5b").weights(false);
    assertThat(openingFails(with(wan22, null)))
        .isEqualTo(
            "'%s' has 16 latent channels, the DiT 48; they are of different models"
                .formatted(part(ModelFolder.VAE)));
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    Files.delete(part(ModelFolder.VAE));
    Files.copy(SET.named("vae22").path(".pth"), part(ModelFolder.VAE));
    assertThat(openingFails(model.files()))
        .isEqualTo(
            "'%s' has 48 latent channels, the DiT 16; they are of different models"
                .formatted(part(ModelFolder.VAE)));
    assertThat(openingFails(with(part(ModelFolder.TEXT_ENCODER), null)))
        .startsWith(
            "'%s': no DiT: tensor 'patch_embedding.weight' is missing among "
                .formatted(part(ModelFolder.TEXT_ENCODER)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"num_heads\": 0} | num_heads is 0, must be a positive integer",
        "{\"num_heads\": \"3\"} | num_heads is \"3\", must be a positive integer",
        "{\"num_attention_heads\": 2.5} | num_attention_heads is 2.5, must be a positive integer",
        "{\"num_heads\": 5} | 5 heads do not divide the width 72; give num_heads in config.json",
        "{\"num_heads\": | is not JSON"
      })
  void aConfigFileThatCannotBeIsNamed(String json, String message) throws IOException {
    Files.writeString(part(ModelFolder.CONFIG), json);
    assertThat(openingFails(model.files())).contains(message).contains(model.path().toString());
  }

  private static byte[] bytes(Tensor frames) {
    return frames.segment().toArray(ValueLayout.JAVA_BYTE);
  }
}
