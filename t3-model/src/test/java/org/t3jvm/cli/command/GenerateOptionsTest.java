package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.cli.Main;
import org.t3jvm.cli.option.TextOptions;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.prompt.NegativePrompt;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import picocli.CommandLine;

/** Solvers, source videos, LoRA and the negative prompt, as a user asks for them. */
class GenerateOptionsTest {
  private static final String Q = "blocks.1.self_attn.q";
  private static final int DIM = 96;
  private static final int FRAMES = 5;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedModel embedded;

  @TempDir Path dir;

  @BeforeAll
  static void unpack() throws IOException {
    embedded = EmbeddedModel.open();
  }

  @AfterAll
  static void delete() {
    embedded.close();
  }

  private record Result(int status, String err) {
    String line() {
      assertThat(err.strip().lines()).as("one line of error, got: %s", err).hasSize(1);
      return err.strip();
    }
  }

  private static Result t3(List<String> args) {
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(String[]::new));
    return new Result(status, err.toString());
  }

  /** A small and short video into the folder {@code out}. */
  private Result generate(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "--prompt", "a red ball"));
    args.addAll(List.of("--model", embedded.folder().toString(), "--attention", "full"));
    args.addAll(List.of("--height", "32", "--width", "48"));
    if (!List.of(more).contains("--frames")) {
      args.addAll(List.of("--frames", "" + FRAMES));
    }
    args.addAll(List.of("--steps", "3", "--out", dir.resolve(out) + "/"));
    args.addAll(List.of(more));
    return t3(args);
  }

  private List<byte[]> frames(String out) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    for (int f = 0; f < FRAMES; f++) {
      frames.add(Files.readAllBytes(dir.resolve(out).resolve("frame_%05d.png".formatted(f))));
    }
    return frames;
  }

  private boolean same(String a, String b) throws IOException {
    List<byte[]> left = frames(a);
    List<byte[]> right = frames(b);
    boolean same = true;
    for (int f = 0; f < FRAMES; f++) {
      same &= Arrays.equals(left.get(f), right.get(f));
    }
    return same;
  }

  @Test
  void aPresetGivesDefaults() {
    List<String> args = new ArrayList<>(List.of("generate", "--prompt", "x", "--preset"));
    args.addAll(List.of("lightning", "--model", embedded.folder().toString(), "--height", "32"));
    args.addAll(List.of("--width", "48", "--frames", "1", "--out", dir.resolve("p") + "/"));
    assertThat(t3(args).err()).contains("4 euler steps, cfg 1, shift 5");
    args.addAll(List.of("--force", "--steps", "2", "--shift", "3"));
    assertThat(t3(args).err()).contains("2 euler steps, cfg 1, shift 3");
    assertThat(generate("q", "--quiet", "--lora-low", embedded.folder() + "/config.json").line())
        .isEqualTo(
            "t3: --lora-low is for models of two DiTs, such as Wan2.2-T2V-A14B; this one has one");
  }

  @Test
  void everySolverMakesItsOwnVideoAndIsNamed() throws IOException {
    for (String sampler : List.of("euler", "unipc", "dpm++", "dmd")) {
      Result result = generate(sampler, "--sampler", sampler);
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.err()).contains("3 " + sampler + " steps, cfg 5, shift 5");
    }
    assertThat(generate("default").status()).isZero();
    assertThat(same("default", "euler")).isTrue();
    assertThat(same("euler", "unipc")).isFalse();
    assertThat(same("euler", "dpm++")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sampler ddim | sampler 'ddim' is unknown, must be one of euler, unipc, dpm++",
        "--sampler unipc --shift 1e12 | --sampler unipc: shift is 1.0E12",
        "--strength 0.5 | --strength has no meaning without --video FILE",
        "--video x --strength 0 | --strength is 0.0, must be above 0 and at most 1",
        "--lora none.safetensors:strong | 'strong' is no scale; give FILE or FILE:SCALE",
        "--kernels library | --kernels library is for --backend cuda, not for cpu",
        "--backend opencl --kernels LIBRARY | --kernels library is for --backend cuda, not for"
            + " opencl",
        "--kernels fast | --kernels"
      })
  void wrongUsageIsOneLine(String options, String expected) {
    Result result = generate("out", options.split(" "));
    assertThat(result.line()).startsWith("t3: ").contains(expected);
    assertThat(result.status()).isEqualTo(2);
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void aVideoStartsFromAVideo() throws IOException {
    assertThat(generate("source").status()).isZero();
    String source = dir.resolve("source").toString();
    Result result = generate("again", "--video", source, "--strength", "0.5", "--seed", "3");
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains(", strength 0.5 from source, on cpu").contains("encode ");
    assertThat(generate("alone", "--seed", "3").status()).isZero();
    assertThat(same("again", "alone")).isFalse();
    assertThat(same("again", "source")).isFalse();
  }

  @Test
  void aSourceThatCannotBeIsOneLine() throws IOException {
    Path text = Files.writeString(dir.resolve("notes.txt"), "no video");
    assertThat(generate("out", "--quiet", "--video", text.toString()).line())
        .contains("notes.txt' is no video that FFmpeg reads");
    Result missing = generate("out", "--quiet", "--video", dir.resolve("none.mp4").toString());
    assertThat(missing.line()).contains("none.mp4' does not exist");
    assertThat(missing.status()).isEqualTo(1);
    assertThat(generate("short", "--frames", "1").status()).isZero();
    assertThat(generate("out", "--quiet", "--video", dir.resolve("short").toString()).line())
        .contains("short' has 1 frames, the video takes 5; give --frames 1 or a longer video");
    assertThat(dir.resolve("out")).doesNotExist();
  }

  private String lora(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = dir.resolve(name);
    List<TensorInfo> layout = new ArrayList<>();
    tensors.forEach((key, tensor) -> layout.add(TensorInfo.of(key, tensor)));
    SafetensorsWriter.write(file, layout, Parameters.of(tensors)::tensor, Map.of());
    return file.toString();
  }

  private static Tensor filled(long rows, long columns) {
    float[] values = new float[(int) (rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(1 + i) / 4;
    }
    return Tensor.ofFloats(Shape.of(rows, columns), values);
  }

  @Test
  void loraChangeTheVideoByTheirScale() throws IOException {
    String style =
        lora(
            "style.safetensors",
            Map.of(Q + ".lora_A.weight", filled(4, DIM), Q + ".lora_B.weight", filled(DIM, 4)));
    assertThat(generate("none").status()).isZero();
    assertThat(generate("zero", "--lora", style + ":0").status()).isZero();
    Result half = generate("half", "--lora", style + ":0.5");
    assertThat(half.status()).as(half.err()).isZero();
    assertThat(half.err())
        .contains(", LoRA style.safetensors:0.5, on cpu")
        .contains("LoRA change 1 weights, whose copies take ");
    assertThat(generate("twice", "--lora", style + ":0.25", "--lora", style + ":0.25").status())
        .isZero();
    assertThat(same("none", "zero")).isTrue();
    assertThat(same("none", "half")).isFalse();
    assertThat(same("half", "twice")).isTrue();
  }

  @Test
  void loraComeBeforeInt8() throws IOException {
    String style =
        lora(
            "style.safetensors",
            Map.of(Q + ".lora_A.weight", filled(4, DIM), Q + ".lora_B.weight", filled(DIM, 4)));
    assertThat(generate("plain8", "--weights", "q8").status()).isZero();
    Result styled = generate("styled8", "--weights", "q8", "--lora", style);
    assertThat(styled.status()).as(styled.err()).isZero();
    assertThat(styled.err()).contains("LoRA change 1 weights, on their way to int8");
    assertThat(same("plain8", "styled8")).isFalse();
    String cache = dir.resolve("cache").toString();
    assertThat(generate("stored", "--text-cache", cache).status()).isZero();
    assertThat(generate("again8", "--text-cache", cache, "--weights", "q8").status()).isZero();
    assertThat(kept(cache)).as("int8 gives other bits, so it has a text of its own").isEqualTo(2);
    assertThat(same("plain8", "again8")).isTrue();
  }

  @Test
  void aLoraForAnotherModelNamesFiveTensors() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < 4; i++) {
      tensors.put("blocks." + i + ".ffn.0.lora_A.weight", filled(4, 1536));
      tensors.put("blocks." + i + ".ffn.0.lora_B.weight", filled(8960, 4));
    }
    Result result = generate("out", "--quiet", "--lora", lora("big.safetensors", tensors));
    assertThat(result.line())
        .contains("big.safetensors is no LoRA for ", "8 of its 8 tensors do not fit", " and 3 more")
        .contains("blocks.0.ffn.0.lora_A.weight F32 [4, 1536] (the weight is [256, 96])");
    assertThat(result.status()).isEqualTo(1);
    assertThat(dir.resolve("out")).doesNotExist();
  }

  @Test
  void theNegativePromptIsUpstreamsAndIsKept() throws IOException {
    String cache = dir.resolve("cache").toString();
    assertThat(generate("one", "--text-cache", cache).status()).isZero();
    assertThat(
            generate("two", "--text-cache", cache, "--negative", NegativePrompt.UPSTREAM).status())
        .isZero();
    assertThat(kept(cache)).isEqualTo(1);
    assertThat(same("one", "two")).isTrue();
    assertThat(generate("empty", "--text-cache", cache, "--negative", "").status()).isZero();
    assertThat(kept(cache)).isEqualTo(2);
    assertThat(same("one", "empty")).isFalse();
    assertThat(
            generate("plain", "--text-cache", dir.resolve("new").toString(), "--cfg", "1").status())
        .isZero();
    assertThat(dir.resolve("new")).as("without guidance nothing is negative").doesNotExist();
    assertThat(generate("off", "--text-cache", "off").status()).isZero();
    assertThat(same("one", "off")).isTrue();
  }

  private static long kept(String cache) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(cache))) {
      return files.count();
    }
  }

  @Test
  void theCachesPlaceIsTheOptionsTheVariablesOrTheUsers() {
    TextOptions none = new TextOptions();
    String home = System.getProperty("user.home");
    assertThat(none.place(Map.of())).contains(Path.of(home, ".cache/t3jvm/text"));
    assertThat(none.place(Map.of("XDG_CACHE_HOME", "/c"))).contains(Path.of("/c/t3jvm/text"));
    assertThat(none.place(Map.of("XDG_CACHE_HOME", "c")))
        .contains(Path.of(home, ".cache/t3jvm/text"));
    assertThat(none.place(Map.of("XDG_CACHE_HOME", "/c", "T3_TEXT_CACHE", "/t")))
        .contains(Path.of("/t"));
    assertThat(none.place(Map.of("T3_TEXT_CACHE", "off"))).isEmpty();
    assertThat(given("/o").place(Map.of("T3_TEXT_CACHE", "/t"))).contains(Path.of("/o"));
    assertThat(given("off").place(Map.of("T3_TEXT_CACHE", "/t"))).isEmpty();
    assertThat(NegativePrompt.UPSTREAM).hasSize(137);
  }

  private static TextOptions given(String place) {
    return CommandLine.populateCommand(new TextOptions(), "--text-cache", place);
  }

  @Test
  void helpListsTheOptions() {
    StringWriter out = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(new StringWriter()),
            new String[] {"generate", "--help"});
    assertThat(status).isZero();
    assertThat(out.toString())
        .contains("--sampler", "--video", "--strength", "--lora", "--negative", "--text-cache");
  }
}
