package org.t3jvm.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Availability;
import org.t3jvm.tensor.backend.Backends;

/** The command line as a user runs it, in this process: outputs, exit status, one-line errors. */
class CommandLineTest {
  private static final String DIT = "diffusion_pytorch_model.safetensors";

  @TempDir Path dir;
  private Path model = Path.of("");

  private record Result(int status, String out, String err) {
    String line() {
      assertThat(err.strip().lines()).as("one line of error, got: %s", err).hasSize(1);
      return err.strip();
    }
  }

  private static Result t3(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Result(status, out.toString(), err.toString());
  }

  /** A short run on the copied model, but for the options that are given. */
  private Result generate(String... more) {
    List<String> given = List.of(more);
    List<String> args = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    if (!given.contains("--steps")) {
      args.addAll(List.of("--steps", "1"));
    }
    if (!given.contains("--model")) {
      args.addAll(List.of("--model", model.toString()));
    }
    args.addAll(given);
    return t3(args.toArray(String[]::new));
  }

  /** Five frames of 64x96. */
  private Result small(String... more) {
    List<String> args =
        new ArrayList<>(List.of("--height", "64", "--width", "96", "--frames", "5"));
    args.addAll(List.of(more));
    return generate(args.toArray(String[]::new));
  }

  private String out() {
    return dir.resolve("out.mp4").toString();
  }

  @BeforeEach
  void copyEmbeddedModel() throws IOException {
    model = Files.createDirectory(dir.resolve("model"));
    try (EmbeddedModel embedded = EmbeddedModel.open();
        Stream<Path> files = Files.walk(embedded.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = model.resolve(embedded.folder().relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static Map<String, byte[]> frames(Path folder) throws IOException {
    Map<String, byte[]> frames = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        frames.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return frames;
  }

  @Test
  void framesDoNotDependOnThreadsOrRun() throws IOException {
    for (String threads : new String[] {"1", "2", "3"}) {
      Result result = small("--threads", threads, "--out", dir.resolve("f" + threads) + "/");
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.err()).as("--quiet prints nothing").isEmpty();
    }
    Map<String, byte[]> one = frames(dir.resolve("f1"));
    assertThat(one).hasSizeGreaterThan(4);
    for (String other : new String[] {"f2", "f3"}) {
      Map<String, byte[]> frames = frames(dir.resolve(other));
      assertThat(frames.keySet()).isEqualTo(one.keySet());
      frames.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(one.get(name)));
    }
    assertThat(small("--seed", "1", "--out", dir.resolve("g") + "/").status()).isZero();
    assertThat(frames(dir.resolve("g")).get("frame_00000.png"))
        .as("another seed gives other frames")
        .isNotEqualTo(one.get("frame_00000.png"));
  }

  @Test
  void progressIsPlainLinesWhenPiped() {
    Result result =
        t3("generate", "--prompt", "x", "--steps", "2", "--model", model + "", "--out", out());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err())
        .contains("denoise step 2 of 2", "decode step", "wrote " + out())
        .doesNotContain("\u001b", "\r");
    assertThat(dir.resolve("out.mp4")).isNotEmptyFile();
  }

  @Test
  void framesAreRoundedUpWithANote() {
    Result result =
        t3(
            "generate",
            "--prompt",
            "x",
            "--steps",
            "1",
            "--frames",
            "3",
            "--model",
            model + "",
            "--attention",
            "full",
            "--out",
            out());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("--frames 3 is not 1 + 4k; rounded up to 5");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--promt x | unknown option '--promt'; did you mean '--prompt'?",
        "--precision bf16 --backend reference | --precision bf16 is not for --backend reference,"
            + " which computes in f32",
        "--precision int8 --backend cuda | --precision int8 is for --backend cpu, not for cuda",
        "--precision int8 --backend auto | --precision int8 is for --backend cpu, not for auto",
        "--width 0 | --width is 0, must be from 1 to 16384 pixels",
        "--width wide | '--width'",
        "--frames 0 | --frames is 0, must be 1 + 4k",
        "--steps 0 | --steps is 0, must be at least 1",
        "--shift 0 | --shift is 0.0, must be a number above 0",
        "--fps 0 | --fps is 0, must be above 0 and at most 1000",
        "--threads 0 | --threads is 0, must be from 1 to 1024",
        "--threads 1000000 | --threads is 1000000, must be from 1 to 1024",
        "--windows 7,1,1 | windows 7,1,1 are more than the token grid",
        "--windows 1,1 | '1,1' is not a triple of positive counts",
        "--attention full --windows 1,1,1 | --windows has no meaning with --attention full",
        "--out x.avi | must end with .mp4",
        "--height 17008 | --height is 17008, must be from 1 to 16384 pixels"
      })
  void wrongUsageIsOneLineAndStatus2(String options, String expected) {
    List<String> args = new ArrayList<>(List.of(options.strip().split(" ", -1)));
    if (!args.contains("--out")) {
      args.addAll(List.of("--out", out()));
    }
    Result result = generate(args.toArray(String[]::new));
    assertThat(result.line()).startsWith("t3: ").contains(expected.strip());
    assertThat(result.status()).isEqualTo(2);
    assertThat(dir.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void missingPromptAndCommandAreWrongUsage() {
    assertThat(t3("generate").line()).contains("--prompt");
    assertThat(t3("generate").status()).isEqualTo(2);
    assertThat(t3("generat", "--prompt", "x").line()).contains("did you mean 'generate'?");
    assertThat(t3().status()).isEqualTo(2);
  }

  @Test
  void withoutACommandEveryCommandIsListed() {
    Result result = t3();
    String all = t3("--help").out();
    List<String> listed =
        List.of(result.line().replaceAll(".*missing: |; see t3 --help$", "").split(", "));
    assertThat(listed).hasSizeGreaterThan(14).allMatch(name -> all.contains("  " + name + " "));
    assertThat(all.split("Commands:", -1)[1].lines().filter(line -> line.matches("  [a-z].*")))
        .as("commands of the help, as those that are listed")
        .hasSameSizeAs(listed);
  }

  @Test
  void whatLooksLikeAnOptionIsSuggestedAndElseTheRightHelp() {
    assertThat(t3("version").line())
        .isEqualTo("t3: unexpected argument 'version'; did you mean '--version'?");
    assertThat(t3("zzz").line()).isEqualTo("t3: unexpected argument 'zzz'; see t3 --help");
    assertThat(t3("train", "zzz").line())
        .isEqualTo("t3: unexpected argument 'zzz'; see t3 train --help");
    assertThat(t3("devices", "zzz").line()).endsWith("see t3 devices --help");
  }

  @Test
  void unusableBackendsSayWhy() {
    for (String backend : List.of("opencl", "ptx", "cuda")) {
      if (Backends.named(backend).availability() instanceof Availability.Unavailable reason) {
        Result unusable = generate("--backend", backend, "--out", out());
        assertThat(unusable.line())
            .isEqualTo(
                "t3: backend '%s' is unavailable: %s".formatted(backend, reason.description()));
        assertThat(unusable.status()).isEqualTo(1);
      }
    }
    Result unknown = generate("--backend", "cpuu", "--out", out());
    assertThat(unknown.line()).contains("--backend: backend 'cpuu' is unknown", "cpu", "reference");
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(dir.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void missingPartsNameThePartAndTheFolder() throws IOException {
    Files.delete(model.resolve("Wan2.1_VAE.pth"));
    Result result = generate("--out", out());
    assertThat(result.line()).contains(model.toString(), "VAE", "Wan2.1_VAE.pth", "--vae");
    assertThat(result.status()).isEqualTo(1);
    assertThat(generate("--model", dir + "/nowhere", "--out", out()).line())
        .contains("nowhere' is not a folder");
    assertThat(generate("--vae", dir + "/none.pth", "--out", out()).line()).contains("none.pth");
  }

  @Test
  void damagedFilesNameTheFile() throws IOException {
    byte[] bytes = Files.readAllBytes(model.resolve(DIT));
    Files.write(model.resolve(DIT), Arrays.copyOf(bytes, bytes.length - 10));
    Result result = generate("--out", out());
    assertThat(result.line()).contains(DIT);
    assertThat(result.status()).isEqualTo(1);
    assertThat(dir.resolve("out.mp4")).doesNotExist();
  }

  @Test
  void missingTensorsAreListed() throws IOException {
    rewriteDit(tensors -> tensors.remove("head.head.bias"));
    assertThat(generate("--out", out()).line()).contains(DIT, "missing", "head.head.bias");
  }

  @Test
  void notANumberInAWeightNamesStageStepAndWeight() throws IOException {
    rewriteDit(
        tensors -> {
          Tensor weight = requireNonNull(tensors.get("blocks.1.ffn.0.weight")).to(DType.F32);
          weight.setDouble(3, Double.NaN);
          tensors.put("blocks.1.ffn.0.weight", weight);
        });
    Result result = generate("--out", out());
    assertThat(result.line()).contains("denoise step 1 of 1", "blocks.1.ffn.0.weight");
    assertThat(result.status()).isEqualTo(1);
    try (Stream<Path> left = Files.list(dir)) {
      assertThat(left).as("nothing but the model is left").containsExactly(model);
    }
  }

  private void rewriteDit(Consumer<Map<String, Tensor>> change) throws IOException {
    Path file = model.resolve(DIT);
    Path rewritten = dir.resolve("rewritten.safetensors");
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Map<String, Tensor> tensors = new TreeMap<>();
      for (String name : checkpoint.entries().keySet()) {
        tensors.put(name, checkpoint.tensor(name));
      }
      change.accept(tensors);
      List<TensorInfo> infos = new ArrayList<>();
      tensors.forEach((name, tensor) -> infos.add(TensorInfo.of(name, tensor)));
      SafetensorsWriter.write(
          rewritten, infos, name -> requireNonNull(tensors.get(name)), Map.of());
    }
    Files.move(rewritten, file, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void outputFolderMustExist() {
    Result result = generate("--out", dir + "/nowhere/out.mp4");
    assertThat(result.line()).contains("nowhere");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void inspectTellsEveryCheckpointOfAFolder() {
    Result result = t3("inspect", model.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("DiT, ", "UMT5 encoder, ", "VAE, ", "BF16");
    assertThat(t3("inspect", "--tensors", model.resolve(DIT).toString()).out())
        .contains("blocks.0.self_attn.q.weight");
    Result missing = t3("inspect", dir + "/none.pth");
    assertThat(missing.line()).contains("none.pth");
    assertThat(missing.status()).isEqualTo(1);
  }

  /** A device that was never seen is first tested kernel by kernel, which takes long on a CPU. */
  @Tag("process")
  @Test
  void devicesListsEveryBackend() {
    Result result = t3("devices");
    assertThat(result.status()).isZero();
    assertThat(result.out().lines())
        .anyMatch(line -> line.startsWith("cpu") && line.contains("usable"))
        .anyMatch(line -> line.contains("product kernel") && line.contains("% of that"))
        .anyMatch(line -> line.startsWith("reference") && line.contains("usable"))
        .anyMatch(line -> line.startsWith("opencl") && line.contains(state("opencl")))
        .anyMatch(line -> line.startsWith("cuda") && line.contains(state("cuda")));
  }

  private static String state(String backend) {
    return Backends.named(backend).availability().description();
  }

  @Test
  void planTellsWhatAVideoTakes() {
    Result result = t3("plan", "--height", "96", "--width", "160", "--frames", "5");
    assertThat(result.err()).contains("160x96, 5 frames");
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .contains("tokens")
        .contains("one forward")
        .contains("full attention would take")
        .contains("at its peak, 320.0 MB of it the JVM's", "denoising", "decoding")
        .contains("disk")
        .contains("time")
        .doesNotContain("encoding");
  }

  @Test
  void planCountsTheEncodingOfAVideoToStartFrom() throws IOException {
    Path frames = Files.createDirectory(dir.resolve("frames"));
    for (int frame = 0; frame < 5; frame++) {
      Files.copy(
          Path.of("src/test/resources/images/cols.png"),
          frames.resolve("frame_%05d.png".formatted(frame)));
    }
    Result result =
        t3("plan", "--height=96", "--width=160", "--frames=5", "--video", frames.toString());
    assertThat(result.out())
        .as(result.err())
        .containsPattern("in all .* encoding [0-9.]+ GFLOP, [0-9]+ forwards")
        .containsPattern("time .* encoding .* denoising");
  }

  @Test
  void planRefusesWhatDoesNotFitAfterTellingIt() {
    Result result =
        t3(
            "plan",
            "--preset",
            "wan2.1-t2v-1.3b",
            "--height",
            "480",
            "--width",
            "832",
            "--frames",
            "5",
            "--memory",
            "505m");
    assertThat(result.out()).contains("wan2.1-t2v-1.3b: 832x480, 5 frames");
    assertThat(result.err())
        .contains("decoding frames of 832x480 takes at least")
        .contains("--memory leaves 185.0 MB", "would fit: --");
    assertThat(result.status()).isEqualTo(1);
  }

  @Test
  void anUnknownPresetListsWhatCanBeTyped() {
    Result result = t3("plan", "--preset", "nope");
    assertThat(result.line())
        .endsWith("'nope' is none of wan2.1-t2v-1.3b, wan2.2-ti2v-5b, wan2.1-t2v-14b");
    assertThat(result.status()).isEqualTo(2);
  }

  @Test
  void aBudgetThatHoldsNoVideoIsRefusedBeforeItStarts() {
    Result result = t3("generate", "--prompt", "x", "--memory", "1k", "--out", "never.mp4");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err()).contains("--memory leaves 0 B", "or allow ").doesNotContain("\tat ");
    assertThat(t3("generate", "--prompt", "x", "--memory", "much").status()).isEqualTo(2);
  }
}
