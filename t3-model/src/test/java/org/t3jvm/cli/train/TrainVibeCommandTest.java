package org.t3jvm.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.ChildT3;
import org.t3jvm.cli.Main;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/** {@code t3 train vibe} as a user runs it, on a tiny model and synthetic images (SPEC 21.1). */
@Tag("slow")
class TrainVibeCommandTest {
  private static final String DIT = "diffusion_pytorch_model.safetensors";
  private static final String DOWN = ".lora_A.default.weight";
  private static final String UP = ".lora_B.default.weight";

  @TempDir static Path dir;

  @BeforeAll
  static void makeModelAndTrain() throws IOException {
    ChildT3.run(List.of("make-tiny-model", dir.resolve("tiny").toString()));
    makeImages("low", 32, 48);
    makeImages("high", 64, 96);
    ChildT3.run(train(2));
  }

  private static void makeImages(String name, int height, int width) {
    List<String> args = new ArrayList<>(List.of("make-clips", dir.resolve(name).toString()));
    args.addAll(List.of("--clips=3", "--frames=1", "--format=png"));
    args.addAll(List.of("--height=" + height, "--width=" + width));
    ChildT3.run(args);
  }

  private static List<String> train(int pooling) {
    List<String> args = new ArrayList<>(List.of("train", "vibe", "--quiet", "--threads=1"));
    args.addAll(List.of("--model", dir.resolve("tiny").toString(), "--out", out().toString()));
    args.addAll(List.of("--low", dir.resolve("low").toString()));
    args.addAll(List.of("--high", dir.resolve("high").toString(), "--steps=2", "--rank=2"));
    args.addAll(List.of("--lr=5e-3", "--base-height=32", "--base-width=48"));
    args.add("--hires-pooling=" + pooling);
    return args;
  }

  private static Path out() {
    return dir.resolve("vibe.safetensors");
  }

  private static Path firstStage() {
    return dir.resolve("vibe.stage1.safetensors");
  }

  private static String failure(List<String> args) {
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            args.toArray(String[]::new));
    assertThat(status).isNotZero();
    return err.toString();
  }

  private static List<String> generate(Path lora) {
    List<String> args = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    args.addAll(List.of("--model", dir.resolve("tiny").toString(), "--lora", lora.toString()));
    args.addAll(List.of("--hires", "vibe", "--base-height=32", "--base-width=48"));
    args.addAll(List.of("--height=64", "--width=96", "--frames=1", "--steps=2"));
    args.addAll(List.of("--out", dir.resolve("of-" + lora.getFileName()) + "/"));
    return args;
  }

  @Test
  void theSecondStagesLoraRendersAndTheFirstStagesIsRefused() {
    ChildT3.run(generate(out()));
    assertThat(failure(generate(firstStage())))
        .isEqualTo(
            "t3: '%s' is the LoRA of ViBe's first stage, by its metadata, which is not for rendering; give that of the second stage\n"
                .formatted(firstStage()));
  }

  @Test
  void plansBothStagesAndTrainsNone() {
    Path planned = dir.resolve("planned.safetensors");
    List<String> args = train(2);
    args.replaceAll(
        each ->
            each.equals(out().toString())
                ? planned.toString()
                : each.replace(dir.resolve("high").toString(), "no-images"));
    args.add("--plan");
    StringWriter text = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(text),
            new PrintWriter(new StringWriter()),
            args.toArray(String[]::new));
    assertThat(status).isZero();
    assertThat(text.toString())
        .containsSubsequence(
            "the images of --low, each of the base's size:\n",
            "stage 0: 2 steps of ",
            "the images of --high, each of twice the base's size:\n",
            "stage 0: 2 steps of ",
            "all stages: about ");
    assertThat(dir.resolve("planned.safetensors.training")).doesNotExist();
    assertThat(dir.resolve("planned.stage1.safetensors.training")).doesNotExist();
    assertThat(failure(List.of("train", "--resume", out().toString(), "--plan")))
        .isEqualTo(
            "t3: --plan: a training is planned by the command that begins it, not with --resume\n");
  }

  @Test
  void aFactorThatDoesNotDivideIsOneLine() {
    List<String> args = train(5);
    args.add("--restart");
    args.replaceAll(
        each -> each.equals(out().toString()) ? dir.resolve("no.safetensors").toString() : each);
    assertThat(failure(args))
        .contains("squares of 5 tokens do not divide the token grid 1x4x6")
        .doesNotContain("Exception");
  }

  /** What was trained is all in place: the same command again does nothing. */
  @Test
  void theSameCommandResumes() throws IOException {
    byte[] before = Files.readAllBytes(out());
    ChildT3.run(train(2));
    assertThat(Files.readAllBytes(out())).isEqualTo(before);
  }

  /**
   * The second stage is trained over the weights with the first one's change in them, and holds
   * nothing of it: without a first stage, over a model whose weights are those sums, it comes out
   * the same.
   */
  @Test
  void theFirstStageIsInTheWeightsAndNotInTheResult() throws IOException {
    Path merged = dir.resolve("merged");
    ChildT3.run(List.of("make-tiny-model", merged.toString()));
    merge(merged.resolve(DIT));
    Path again = dir.resolve("again.safetensors");
    ChildT3.run(secondStage(merged, "high", again, 2));
    assertThat(dir.resolve("again.stage1.safetensors")).doesNotExist();
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(out()));
    assertThat(Files.readAllBytes(firstStage())).isNotEqualTo(Files.readAllBytes(out()));
  }

  /**
   * Where windows hold whole frames and nothing is pooled, a second stage that learns velocities is
   * a first stage.
   */
  @Test
  void withoutHfatoTheSecondStageLearnsVelocities() throws IOException {
    Path velocities = dir.resolve("velocities.safetensors");
    List<String> args = secondStage(dir.resolve("tiny"), "low", velocities, 1);
    args.add("--no-hfato");
    ChildT3.run(args);
    try (Checkpoint actual = Checkpoints.open(velocities);
        Checkpoint expected = Checkpoints.open(firstStage())) {
      assertThat(actual.entries().keySet()).isEqualTo(expected.entries().keySet()).isNotEmpty();
      for (String name : expected.entries().keySet()) {
        assertThat(copy(actual.tensor(name)).toFloats())
            .as(name)
            .containsExactly(copy(expected.tensor(name)).toFloats(), within(1e-5f));
      }
    }
    Path sharp = dir.resolve("sharp.safetensors");
    ChildT3.run(secondStage(dir.resolve("tiny"), "low", sharp, 1));
    assertThat(Files.readAllBytes(sharp)).isNotEqualTo(Files.readAllBytes(velocities));
  }

  private static List<String> secondStage(Path model, String images, Path to, int pooling) {
    List<String> args = train(pooling);
    args.subList(args.indexOf("--low"), args.indexOf("--low") + 2).clear();
    args.set(args.indexOf("--model") + 1, model.toString());
    args.set(args.indexOf("--high") + 1, dir.resolve(images).toString());
    args.set(args.indexOf("--out") + 1, to.toString());
    return args;
  }

  /** Writes {@code W + B A} in BF16. */
  private static void merge(Path to) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (Checkpoint dit = Checkpoints.open(dir.resolve("tiny").resolve(DIT));
        Checkpoint lora = Checkpoints.open(firstStage())) {
      boolean moved = false;
      for (String name : dit.entries().keySet()) {
        Tensor weight = copy(dit.tensor(name));
        String module = name.replaceAll("\\.weight$", "");
        if (lora.entries().containsKey(module + DOWN)) {
          Tensor down = copy(lora.tensor(module + DOWN));
          moved |= add(weight, copy(lora.tensor(module + UP)), down);
        }
        weights.put(name, weight.to(DType.BF16));
      }
      assertThat(moved).as("the first stage changes weights").isTrue();
    }
    write(to, weights);
  }

  private static void write(Path to, Map<String, Tensor> tensors) throws IOException {
    List<TensorInfo> layout =
        tensors.entrySet().stream()
            .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
            .toList();
    SafetensorsWriter.write(
        to, layout, name -> Objects.requireNonNull(tensors.get(name)), Map.of());
  }

  private static Tensor copy(Tensor stored) {
    Tensor copy = Tensor.allocate(DType.F32, stored.shape());
    copy.copyFrom(stored.to(DType.F32));
    return copy;
  }

  /** By the formula, each rounding written out; true if any weight changes. */
  private static boolean add(Tensor weight, Tensor up, Tensor down) {
    int rank = up.shape().intDim(1);
    int in = down.shape().intDim(1);
    boolean moved = false;
    for (int o = 0; o < up.shape().intDim(0); o++) {
      for (int i = 0; i < in; i++) {
        float product = 0;
        for (int r = 0; r < rank; r++) {
          product +=
              bf16(up.getDouble((long) o * rank + r)) * bf16(down.getDouble((long) r * in + i));
        }
        long at = (long) o * in + i;
        float before = bf16(weight.getDouble(at));
        float after = bf16(before + bf16(product));
        moved |= after != before;
        weight.setDouble(at, after);
      }
    }
    return moved;
  }

  /** To nearest, ties to even. */
  private static float bf16(double value) {
    int bits = Float.floatToRawIntBits((float) value);
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat(rounded & 0xFFFF0000);
  }
}
