package org.t3jvm.model.primer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.text.Tokenizer;
import org.t3jvm.model.vae.VaeDecoder;
import org.t3jvm.model.world.Captions;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * The primer before training: upstream's files, its own words, and a start that means something.
 */
class PrimerModelTest {
  private static final int FEATURES = 64;
  private static final int CELLS = 4;
  private static final int CHANNELS = 16;

  @TempDir static Path folder;

  @BeforeAll
  static void make() throws IOException {
    PrimerModel.make(folder, 1);
  }

  private static VideoModel open() throws IOException {
    return VideoModel.open(ModelFiles.find(ModelSource.of(folder)));
  }

  @Test
  void opensAsAnyModelAndIsSmall() throws IOException {
    try (VideoModel model = open()) {
      assertThat(model.ditConfig()).isEqualTo(PrimerModel.DIT);
      assertThat(model.textConfig()).isEqualTo(PrimerModel.TEXT);
      assertThat(model.vaeConfig()).isEqualTo(PrimerModel.VAE);
    }
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    assertThat(bytes).isBetween(8_500_000L, 9_500_000L);
  }

  @Test
  void sameSeedGivesTheSameFiles(@TempDir Path again) throws IOException {
    PrimerModel.make(again, 1);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(again.resolve(folder.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void knowsEveryWordOfTheCaptionsAndNoOther() throws IOException {
    try (VideoModel model = open()) {
      Tokenizer tokenizer = model.tokenizer();
      for (String word : Captions.words()) {
        assertThat(tokenizer.encode(word, 512))
            .as(word)
            .hasSize(2)
            .doesNotContain(tokenizer.unknownId());
      }
      assertThat(tokenizer.encode("the red ball rolls over green grass", 512)).hasSize(8);
      assertThat(tokenizer.encode("a red horse rolls", 512)).contains(tokenizer.unknownId());
      assertThat(tokenizer.encode("a reddish ball", 512)).contains(tokenizer.unknownId());
    }
  }

  private static float[] values(String file, String tensor) throws IOException {
    try (Checkpoint checkpoint = Checkpoints.open(folder.resolve(file))) {
      return checkpoint.tensor(tensor).toFloats();
    }
  }

  @Test
  void velocityStartsAsTheNoisyToken() throws IOException {
    String dit = "diffusion_pytorch_model.safetensors";
    float[] patch = values(dit, "patch_embedding.weight");
    float[] head = values(dit, "head.head.weight");
    int dim = PrimerModel.DIT.dim();
    for (int out = 0; out < FEATURES; out++) {
      int row = out % CELLS * CHANNELS + out / CELLS;
      for (int in = 0; in < FEATURES; in++) {
        double sum = 0;
        for (int d = 0; d < dim; d++) {
          sum += head[row * dim + d] * patch[d * FEATURES + in];
        }
        assertThat(sum).isCloseTo(out == in ? 1 : 0, within(0.01));
      }
    }
  }

  @Test
  void paddedRowsScoreLowFromTheStart() throws IOException {
    String dit = "diffusion_pytorch_model.safetensors";
    float[] query = values(dit, "blocks.2.cross_attn.q.bias");
    float[] key = values(dit, "blocks.2.cross_attn.k.bias");
    int signs = 0;
    for (int i = 0; i < query.length; i++) {
      assertThat(query[i] * key[i]).isCloseTo(-0.45f, within(0.01f));
      signs += query[i] > 0 ? 1 : -1;
    }
    assertThat(Math.abs(signs)).isLessThan(60);
  }

  @Test
  void stillLatentsDecodeToAStillVideo() throws IOException {
    try (VideoModel model = open();
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults());
        VaeDecoder decoder =
            new VaeDecoder(backend, model.vaeConfig(), model.vaeParameters(), 4, 6, Taps.NONE)) {
      float[] cell = new float[CHANNELS * 4 * 6];
      new TorchRandom(5).fillNormal(cell);
      Tensor latents = Tensor.ofFloats(Shape.of(CHANNELS, 1, 4, 6), cell);
      float[] first = decoder.decode(latents, region -> {}).toFloats();
      float[] next = decoder.decode(latents, region -> {}).toFloats();
      assertThat(next).hasSize(4 * first.length);
      for (int i = 0; i < next.length; i++) {
        assertThat(next[i]).isCloseTo(first[i % first.length], within(1e-4f));
      }
      assertThat(Arrays.equals(first, new float[first.length])).isFalse();
    }
  }

  private static int generate(Path video, String prompt, StringWriter err) {
    List<String> args =
        List.of(
            "generate",
            "--model",
            folder.toString(),
            "--prompt",
            prompt,
            "--height",
            "32",
            "--width",
            "48",
            "--frames",
            "5",
            "--steps",
            "2",
            "--out",
            video.toString());
    return Main.run(
        new PrintWriter(new StringWriter()),
        new PrintWriter(err, true),
        args.toArray(String[]::new));
  }

  @Test
  void rendersAVideo(@TempDir Path temp) {
    Path video = temp.resolve("ball.mp4");
    StringWriter err = new StringWriter();
    assertThat(generate(video, "a red ball rolls over green grass", err))
        .as(err.toString())
        .isZero();
    assertThat(video).isNotEmptyFile();
  }

  @Test
  void listsItsWordsForAPromptOutsideThem(@TempDir Path temp) {
    Path video = temp.resolve("horse.mp4");
    StringWriter err = new StringWriter();
    assertThat(generate(video, "a red horse gallops over green grass", err)).isEqualTo(1);
    assertThat(err.toString().lines().toList().getLast())
        .startsWith("t3: prompt: the model does not know 'horse', 'gallops'; its words are: a ")
        .contains(" ball ")
        .endsWith(" yellow");
    assertThat(video).doesNotExist();
  }
}
