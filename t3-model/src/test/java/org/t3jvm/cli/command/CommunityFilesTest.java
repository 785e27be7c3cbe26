package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.layout.Naming;
import org.t3jvm.model.nn.RandomWeights;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.model.vae.VaeFamily;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** Files as people share them, made of the tiny model: the frames are those of their values. */
class CommunityFilesTest {
  private static final int SEED = 5;

  @TempDir private static Path dir;

  @SuppressWarnings("NullAway.Init")
  private static ModelFiles tiny;

  private static Path folder = Path.of("");

  private record Result(int status, String out, String err) {}

  private static Result t3(Object... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = Stream.of(args).map(Object::toString).toArray(String[]::new);
    int status = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    return new Result(status, out.toString(), err.toString());
  }

  @BeforeAll
  static void makeTinyModel() throws IOException {
    folder = dir.resolve("tiny");
    assertThat(t3("make-tiny-model", folder).status()).isZero();
    tiny = ModelFiles.find(ModelSource.of(folder));
  }

  private Result generate(Path out, Object... model) {
    List<Object> line = new ArrayList<>(List.of("generate", "--prompt", "a red ball", "--restart"));
    line.addAll(List.of("--height", 48, "--width", 64, "--frames", 5, "--steps", 1));
    line.addAll(List.of("--text-cache", "off", "--out", out + "/"));
    line.addAll(List.of(model));
    return t3(line.toArray());
  }

  private List<String> frames(Object... model) throws IOException {
    Path out = Files.createTempDirectory(dir, "frames");
    Result result = generate(out, model);
    assertThat(result.status()).as("%s: %s", List.of(model), result.err()).isZero();
    List<String> frames = new ArrayList<>();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".png")).sorted().toList()) {
        frames.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    assertThat(frames).hasSize(5);
    return frames;
  }

  private String refusal(Object... model) throws IOException {
    Result result = generate(Files.createTempDirectory(dir, "refused"), model);
    assertThat(result.status()).isNotZero();
    assertThat(result.err().lines().filter(line -> line.startsWith("t3: "))).hasSize(1);
    return result.err();
  }

  private Map<String, Tensor> read(Path file, Predicate<String> names) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      for (TensorInfo info : checkpoint.entries().values()) {
        if (names.test(info.name())) {
          Tensor stored = checkpoint.tensor(info.name());
          Tensor copy = Tensor.allocate(stored.dtype(), stored.shape());
          copy.copyFrom(stored);
          tensors.put(info.name(), copy);
        }
      }
    }
    return tensors;
  }

  private Path write(String name, Map<String, Tensor> tensors) throws IOException {
    Path file = dir.resolve(name);
    List<TensorInfo> layout = new ArrayList<>();
    tensors.forEach((key, tensor) -> layout.add(TensorInfo.of(key, tensor)));
    SafetensorsWriter.write(
        file, layout, key -> Objects.requireNonNull(tensors.get(key)), Map.of());
    return file;
  }

  /** A tensor of a GGUF file: the number of its type and its bytes. */
  private static final class Stored {
    private final int type;
    private final byte[] bytes;
    private final Shape shape;

    Stored(int type, byte[] bytes, Shape shape) {
      this.type = type;
      this.bytes = bytes;
      this.shape = shape;
    }

    static Stored of(Tensor tensor) {
      byte[] bytes = tensor.segment().toArray(ValueLayout.JAVA_BYTE);
      return new Stored(tensor.dtype() == DType.BF16 ? 30 : 0, bytes, tensor.shape());
    }

    /** Q8_0: 32 codes under the F16 of the largest over 127. */
    static Stored q8(Tensor tensor) {
      int count = (int) tensor.shape().elements();
      ByteBuffer bytes = ByteBuffer.allocate(count / 32 * 34).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < count; from += 32) {
        double largest = 0;
        for (int i = 0; i < 32; i++) {
          largest = Math.max(largest, Math.abs(tensor.getDouble(from + i)));
        }
        short half = Float.floatToFloat16((float) (largest / 127));
        float d = Float.float16ToFloat(half);
        bytes.putShort(half);
        for (int i = 0; i < 32; i++) {
          bytes.put((byte) (d == 0 ? 0 : Math.rint(tensor.getDouble(from + i) / d)));
        }
      }
      return new Stored(8, bytes.array(), tensor.shape());
    }

    /** Q4_0: codes from 0 to 15 for -8 to 7 times the F16 of the largest over -8. */
    static Stored q4(Tensor tensor) {
      int count = (int) tensor.shape().elements();
      ByteBuffer bytes = ByteBuffer.allocate(count / 32 * 18).order(ByteOrder.LITTLE_ENDIAN);
      for (int from = 0; from < count; from += 32) {
        double largest = 0;
        for (int i = 0; i < 32; i++) {
          double value = tensor.getDouble(from + i);
          largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        short half = Float.floatToFloat16((float) (largest / -8));
        float d = Float.float16ToFloat(half);
        int[] codes = new int[32];
        for (int i = 0; i < 32; i++) {
          double code = d == 0 ? 8 : Math.rint(tensor.getDouble(from + i) / d) + 8;
          codes[i] = (int) Math.max(0, Math.min(15, code));
        }
        bytes.putShort(half);
        for (int i = 0; i < 16; i++) {
          bytes.put((byte) (codes[i] | codes[i + 16] << 4));
        }
      }
      return new Stored(2, bytes.array(), tensor.shape());
    }

    /** Blocks of a K type with small scales and random codes; the scales lie at {@code halves}. */
    static Stored random(int type, int blockBytes, Shape shape, Random random, int... halves) {
      byte[] bytes = new byte[(int) (shape.elements() / 256 * blockBytes)];
      random.nextBytes(bytes);
      for (int at = 0; at < bytes.length; at += blockBytes) {
        for (int half : halves) {
          ByteBuffer.wrap(bytes)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putShort(at + half, Float.floatToFloat16(0x1p-12f));
        }
      }
      return new Stored(type, bytes, shape);
    }
  }

  private static byte[] little(int bytes, long value) {
    byte[] all = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array();
    return Arrays.copyOf(all, bytes);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(little(8, text.length()));
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Path gguf(String name, Map<String, Stored> tensors) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(little(4, 3));
    out.writeBytes(little(8, tensors.size()));
    long deep = tensors.values().stream().filter(each -> each.shape.rank() > 4).count();
    out.writeBytes(little(8, deep));
    ByteArrayOutputStream infos = new ByteArrayOutputStream();
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    tensors.forEach(
        (key, tensor) -> {
          Shape shape = tensor.shape;
          if (shape.rank() > 4) {
            text(out, "comfy.gguf.orig_shape." + key);
            out.writeBytes(little(4, 9));
            out.writeBytes(little(4, 5));
            out.writeBytes(little(8, shape.rank()));
            for (long dim : shape.dims()) {
              out.writeBytes(little(4, dim));
            }
            shape = Shape.of(shape.dim(0), shape.inner(0));
          }
          text(infos, key);
          infos.writeBytes(little(4, shape.rank()));
          for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            infos.writeBytes(little(8, shape.dim(axis)));
          }
          infos.writeBytes(little(4, tensor.type));
          infos.writeBytes(little(8, data.size()));
          data.writeBytes(tensor.bytes);
          data.writeBytes(new byte[-data.size() & 31]);
        });
    out.writeBytes(infos.toByteArray());
    out.writeBytes(new byte[-out.size() & 31]);
    out.writeBytes(data.toByteArray());
    return Files.write(dir.resolve(name), out.toByteArray());
  }

  @Test
  void aGgufDitMakesTheFramesOfItsValues() throws IOException {
    Random random = new Random(SEED);
    Map<String, Stored> stored = new LinkedHashMap<>();
    read(tiny.dit().getFirst(), name -> true)
        .forEach(
            (name, tensor) -> {
              Shape shape = tensor.shape();
              boolean linear = name.startsWith("blocks.") && shape.rank() == 2;
              Stored one =
                  !linear
                      ? Stored.of(tensor)
                      : shape.dim(1) % 256 != 0
                          ? Stored.q8(tensor)
                          : name.startsWith("blocks.0")
                              ? Stored.random(12, 144, shape, random, 0, 2)
                              : name.startsWith("blocks.1")
                                  ? Stored.random(13, 176, shape, random, 0, 2)
                                  : Stored.random(14, 210, shape, random, 208);
              stored.put(name, one);
            });
    assertThat(stored.values().stream().map(each -> each.type)).contains(8, 12, 13, 14, 30);
    Path file = gguf("dit.gguf", stored);
    Path wide = write("dit_wide.safetensors", read(file, name -> true));
    List<String> expected = frames("--model", folder, "--dit", wide);
    assertThat(frames("--model", folder, "--dit", file)).isEqualTo(expected);
    assertThat(frames("--model", folder)).isNotEqualTo(expected);
    List<String> codes = frames("--model", folder, "--dit", wide, "--weights", "q8");
    assertThat(frames("--model", folder, "--dit", file, "--weights", "q8")).isEqualTo(codes);
    long blocks =
        stored.values().stream()
            .filter(each -> each.type != 0 && each.type != 30)
            .mapToLong(each -> each.shape.elements())
            .sum();
    ModelSource source = new ModelSource(folder, file, null, null, null, null, null);
    try (VideoModel model = VideoModel.open(ModelFiles.find(source))) {
      assertThat(model.madeBytes()).isEqualTo(4 * blocks);
    }
    try (VideoModel model = VideoModel.open(ModelFiles.find(source), WeightFormat.Q8, List.of())) {
      assertThat(model.madeBytes()).isEqualTo(blocks * 17 / 16);
    }
  }

  /** Mean difference of pixels' colours, in levels. */
  private static double difference(List<String> one, List<String> other) throws IOException {
    long sum = 0;
    long count = 0;
    for (int t = 0; t < one.size(); t++) {
      BufferedImage a = picture(one.get(t));
      BufferedImage b = picture(other.get(t));
      for (int i = 0; i < a.getWidth() * a.getHeight(); i++) {
        int x = i % a.getWidth();
        int y = i / a.getWidth();
        for (int shift = 0; shift < 24; shift += 8) {
          sum += Math.abs((a.getRGB(x, y) >> shift & 0xFF) - (b.getRGB(x, y) >> shift & 0xFF));
          count++;
        }
      }
    }
    return (double) sum / count;
  }

  private static BufferedImage picture(String png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** A code of Q8_0 is 127 / 8 times as fine as one of Q4_0, and so is what it does to frames. */
  @Test
  void aGgufDitMakesTheFramesOfTheOriginalWithinItsQuantisation() throws IOException {
    Map<String, Stored> eight = new LinkedHashMap<>();
    Map<String, Stored> four = new LinkedHashMap<>();
    read(tiny.dit().getFirst(), name -> true)
        .forEach(
            (name, tensor) -> {
              boolean linear = name.startsWith("blocks.") && tensor.shape().rank() == 2;
              eight.put(name, linear ? Stored.q8(tensor) : Stored.of(tensor));
              four.put(name, linear ? Stored.q4(tensor) : Stored.of(tensor));
            });
    Map<String, Stored> whole = new LinkedHashMap<>();
    read(tiny.dit().getFirst(), name -> true)
        .forEach((name, tensor) -> whole.put(name, Stored.of(tensor)));
    List<String> original = frames("--model", folder, "--dit", gguf("whole.gguf", whole));
    double fine = difference(original, frames("--model", folder, "--dit", gguf("8.gguf", eight)));
    double coarse = difference(original, frames("--model", folder, "--dit", gguf("4.gguf", four)));
    assertThat(coarse).as("levels by Q4_0").isBetween(0.01, 16.0);
    assertThat(fine).as("levels by Q8_0, by Q4_0 %.3f", coarse).isLessThan(coarse / 4);
  }

  @Test
  void aGgufEncoderMakesTheFramesOfTheEncoder() throws IOException {
    Map<String, Stored> stored = new LinkedHashMap<>();
    read(tiny.textEncoder(), name -> true)
        .forEach(
            (name, tensor) ->
                stored.put(Naming.UMT5_GGUF.mapping().toTheirs(name), Stored.of(tensor)));
    assertThat(stored).containsKeys("token_embd.weight", "enc.blk.0.attn_rel_b.weight");
    Path file = gguf("umt5.gguf", stored);
    assertThat(frames("--model", folder, "--text-encoder", file))
        .isEqualTo(frames("--model", folder));
  }

  @Test
  void aDecoderAloneIsEnoughWithoutAnImage() throws IOException {
    Path vae =
        write(
            "decoder.safetensors",
            read(tiny.vae(), name -> !name.startsWith("encoder.") && !name.startsWith("conv1.")));
    assertThat(frames("--model", folder, "--vae", vae)).isEqualTo(frames("--model", folder));
  }

  @Test
  void aTinyDecoderMakesDraftsAndTheirPreviews() throws IOException {
    Path vae =
        write(
            "taew2_1.safetensors",
            RandomWeights.of(new VaeConfig(VaeFamily.TAEW21, 2, 2).parameterShapes(), SEED));
    assertThat(t3("inspect", vae).out()).contains("VAE, TAEHV of Wan2.1, widths 2 and 2");
    assertThat(frames("--model", folder, "--vae", vae)).isNotEqualTo(frames("--model", folder));
    Path out = Files.createTempDirectory(dir, "draft");
    assertThat(generate(out, "--model", folder, "--vae", vae, "--preview", 1).status()).isZero();
    // After the last step the prediction is the video: the second latent frame's last is its last.
    BufferedImage strip = ImageIO.read(Path.of(out + ".preview.png").toFile());
    BufferedImage last = ImageIO.read(out.resolve("frame_00004.png").toFile());
    int gap = 8;
    assertThat(strip.getWidth()).isEqualTo(64 + gap + 64);
    for (int i = 0; i < 48 * 64; i++) {
      assertThat(strip.getRGB(64 + gap + i % 64, i / 64)).isEqualTo(last.getRGB(i % 64, i / 64));
    }
    assertThat(refusal("--model", folder, "--vae", vae, "--video", out, "--strength", 0.5))
        .contains("TAEHV, which only decodes", "--vae");
  }

  @Test
  void otherModelsOfTheSameFamiliesAreNamed() throws IOException {
    Map<String, Tensor> t5 =
        read(tiny.textEncoder(), name -> !name.matches("blocks\\.[1-9].*pos_embedding.*"));
    assertThat(refusal("--model", folder, "--text-encoder", write("t5.safetensors", t5)))
        .contains("t5.safetensors", "is T5 1.1", "Wan needs UMT5");
    Map<String, Tensor> vae = read(tiny.vae(), name -> true);
    Shape head = Objects.requireNonNull(vae.get("decoder.head.2.weight")).shape();
    vae.put("decoder.head.2.weight", Tensor.allocate(DType.BF16, head.with(0, 12)));
    vae.put("decoder.head.2.bias", Tensor.allocate(DType.BF16, Shape.of(12)));
    assertThat(refusal("--model", folder, "--vae", write("up2x.safetensors", vae)))
        .contains("up2x.safetensors", "decoder makes 12 channels, such as a 2x upscaling one");
  }

  @Test
  void nothingThatIsMissingComesFromTheEmbeddedModel() throws IOException {
    Path dit = tiny.dit().getFirst();
    Path text = tiny.textEncoder();
    assertThat(refusal("--dit", dit)).contains("no text encoder", "--text-encoder FILE");
    assertThat(refusal("--vae", tiny.vae())).contains("no DiT", "--dit FILE");
    assertThat(refusal("--dit", dit, "--text-encoder", text)).contains("no VAE", "--vae FILE");
    assertThat(refusal("--dit", dit, "--text-encoder", text, "--vae", tiny.vae()))
        .contains("no tokenizer", "--tokenizer FILE");
  }
}
