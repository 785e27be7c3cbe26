package org.t3jvm.cli.train;

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
import org.t3jvm.model.image.ImageFile;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;

/** {@code t3 train} as a user runs it, on a tiny model. */
@Tag("slow")
class TrainCommandTest {
  private static final int FRAMES = 5;
  private static final String DIT = "diffusion_pytorch_model.safetensors";

  @TempDir static Path dir;

  @BeforeAll
  static void makeModelAndClips() {
    ChildT3.run(List.of("make-tiny-model", dir.resolve("tiny").toString()));
    ChildT3.run(
        List.of(
            "make-clips",
            dir.resolve("clips").toString(),
            "--clips=3",
            "--height=32",
            "--width=48",
            "--frames=" + FRAMES,
            "--format=png"));
  }

  private static List<String> train(String kind, Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("train", kind));
    args.addAll(List.of("--model", dir.resolve("tiny").toString()));
    args.addAll(List.of("--data", dir.resolve("clips").toString(), "--out", out.toString()));
    args.addAll(List.of("--height=32", "--width=48", "--frames=" + FRAMES, "--steps=3"));
    args.addAll(List.of("--cache", dir.resolve("encoded").toString(), "--lr=5e-3"));
    args.addAll(List.of(more));
    return args;
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

  /** The frames of a video, as RGB. */
  private static List<byte[]> frames(String name, String... more) throws IOException {
    Path out = dir.resolve(name);
    List<String> args = new ArrayList<>(List.of("generate", "--quiet", "--prompt", "a red ball"));
    args.addAll(List.of("--model", dir.resolve("tiny").toString(), "--out", out + "/"));
    args.addAll(List.of("--height=32", "--width=48", "--frames=" + FRAMES, "--steps=2"));
    args.addAll(List.of(more));
    ChildT3.run(args);
    List<byte[]> frames = new ArrayList<>();
    try (var files = Files.list(out)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".png")).sorted().toList()) {
        frames.add(ImageFile.read(file).rgb());
      }
    }
    assertThat(frames).hasSize(FRAMES);
    return frames;
  }

  @Test
  void aTrainedLoraRendersAsTheMergedWeightsDo() throws IOException {
    Path lora = dir.resolve("lora.safetensors");
    ChildT3.run(train("lora", lora, "--rank=2", "--targets=q,ffn.0", "--quiet"));
    Path merged = dir.resolve("merged.safetensors");
    merge(lora, merged);
    List<byte[]> plain = frames("plain", "--attention=full");
    List<byte[]> changed = frames("lora", "--attention=full", "--lora", lora.toString());
    List<byte[]> whole = frames("merged", "--attention=full", "--dit", merged.toString());
    int moved = 0;
    for (int f = 0; f < FRAMES; f++) {
      moved += differences(plain.get(f), changed.get(f), 0);
      assertThat(differences(changed.get(f), whole.get(f), 0)).as("frame %d", f).isZero();
    }
    assertThat(moved).isGreaterThan(500);
  }

  private static int differences(byte[] a, byte[] b, int allowed) {
    int count = 0;
    for (int i = 0; i < a.length; i++) {
      if (Math.abs((a[i] & 0xff) - (b[i] & 0xff)) > allowed) {
        count++;
      }
    }
    return count;
  }

  /** Writes {@code W + B A}, summed in float64, in BF16 as the model is stored. */
  private static void merge(Path lora, Path to) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (Checkpoint dit = Checkpoints.open(dir.resolve("tiny").resolve(DIT));
        Checkpoint change = Checkpoints.open(lora)) {
      int merged = 0;
      for (String name : dit.entries().keySet()) {
        Tensor weight = Tensor.allocate(DType.F32, dit.tensor(name).shape());
        weight.copyFrom(dit.tensor(name).to(DType.F32));
        String module = name.replaceAll("\\.weight$", "");
        String down = module + ".lora_A.default.weight";
        if (change.entries().containsKey(down)) {
          merged++;
          add(weight, change.tensor(module + ".lora_B.default.weight"), change.tensor(down));
        }
        weights.put(name, weight.to(DType.BF16));
      }
      assertThat(merged).isEqualTo(change.entries().size() / 2).isPositive();
      List<TensorInfo> layout =
          weights.entrySet().stream()
              .map(each -> TensorInfo.of(each.getKey(), each.getValue()))
              .toList();
      SafetensorsWriter.write(
          to, layout, name -> Objects.requireNonNull(weights.get(name)), Map.of());
    }
    Files.copy(dir.resolve("tiny").resolve("config.json"), to.resolveSibling("config.json"));
  }

  private static void add(Tensor weight, Tensor up, Tensor down) {
    int out = up.shape().intDim(0);
    int rank = up.shape().intDim(1);
    int in = down.shape().intDim(1);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        double sum = weight.getDouble((long) o * in + i);
        for (int r = 0; r < rank; r++) {
          sum += up.getDouble((long) o * rank + r) * down.getDouble((long) r * in + i);
        }
        weight.setDouble((long) o * in + i, sum);
      }
    }
  }

  @Test
  void aRetrofitIsATStateDictAndResumes() throws IOException {
    Path t3 = dir.resolve("t3.safetensors");
    List<String> args = train("retrofit", t3, "--windows=2,1,1;1,2,3", "--memory=2g", "--quiet");
    ChildT3.run(args);
    List<byte[]> own = frames("retrofitted", "--t3", t3.toString());
    List<byte[]> given = frames("given", "--t3", t3.toString(), "--windows=2,1,1;1,2,3");
    List<byte[]> other = frames("other", "--t3", t3.toString(), "--windows=1,2,1");
    for (int f = 0; f < FRAMES; f++) {
      assertThat(differences(own.get(f), given.get(f), 0)).as("frame %d", f).isZero();
      assertThat(differences(own.get(f), other.get(f), 0)).as("frame %d", f).isPositive();
    }
    assertThat(Files.readAllLines(dir.resolve("t3.safetensors.training/log.jsonl"))).hasSize(3);
    assertThat(dir.resolve("t3.safetensors.training/page.html"))
        .content()
        .contains("<title>retrofit ", "learning rate", "step 0000003", "data:image/png;base64,");
    ChildT3.run(List.of("train", "--resume", t3.toString(), "--quiet"));
  }

  @Test
  void plansWithoutReadingData() {
    StringWriter out = new StringWriter();
    List<String> args = train("lora", dir.resolve("planned.safetensors"), "--rank=4", "--plan");
    args.replaceAll(argument -> argument.replace("--steps=3", "--steps=300"));
    args.set(args.indexOf("--data") + 1, dir.resolve("no-data").toString());
    int status =
        Main.run(
            new PrintWriter(out), new PrintWriter(new StringWriter()), args.toArray(String[]::new));
    assertThat(status).isZero();
    // Five blocks: q, k, v and o of two attentions at 96, and two layers of 96 and 256.
    assertThat(out.toString())
        .startsWith("%,d weights are trained\n".formatted(5 * 4 * (8 * 2 * 96 + 2 * (96 + 256))))
        .contains("stage 0: 300 steps of ", " of memory, one example at a time, about ")
        .contains("all stages: about ");
    assertThat(dir.resolve("planned.safetensors.training")).doesNotExist();
  }

  @Test
  void saysInOneLineWhatIsWrong() {
    Path out = dir.resolve("wrong.safetensors");
    assertThat(failure(List.of("train")))
        .isEqualTo(
            "t3: say what to train: retrofit, lora, vibe, vae or dit; or give --resume OUT\n");
    assertThat(failure(List.of("train", "--resume", "vae")))
        .as("an output that is called as a command")
        .isEqualTo("t3: 'vae' has no training, there is no vae/training/job.json\n");
    assertThat(failure(List.of("train", "--resume", dir.resolve("none").toString())))
        .contains("has no training, there is no ");
    assertThat(failure(train("lora", out, "--targets=nothing", "--quiet")))
        .contains("network.lora.targets: LoRA: no linear layer is named nothing");
    assertThat(failure(train("retrofit", out, "--memory=330m", "--quiet")))
        .contains("t3: training takes at least ")
        .contains("train a LoRA, take a smaller size or fewer frames, or allow --memory ");
    List<String> longer = train("lora", out, "--quiet");
    longer.replaceAll(argument -> argument.replace("--frames=" + FRAMES, "--frames=9"));
    assertThat(failure(longer)).contains("stages.0 has no clip: it needs 9 frames of 48x32");
  }
}
