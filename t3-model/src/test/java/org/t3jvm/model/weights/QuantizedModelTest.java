package org.t3jvm.model.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.event.RunEvent;
import org.t3jvm.job.ModelSource;
import org.t3jvm.job.WeightFormat;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.TensorInfo;
import org.t3jvm.loaders.convert.Q8Conversion;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.loaders.open.Checkpoints;
import org.t3jvm.loaders.safetensors.SafetensorsWriter;
import org.t3jvm.loaders.safetensors.ShardedWriter;
import org.t3jvm.loaders.scaled.Quantization;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.embedded.EmbeddedModel;
import org.t3jvm.model.files.ModelFiles;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.fit.MemoryBudget;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.model.progress.RunProgress;
import org.t3jvm.model.run.TextToVideo;
import org.t3jvm.model.video.FrameSink;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.quantize.Q8;
import org.t3jvm.tensor.quantize.WeightRows;

/** The embedded model with quantised weights: what it computes, and how far off that is. */
@Tag("slow")
class QuantizedModelTest {
  /** What a model makes of one prompt in one step. */
  @SuppressWarnings("ArrayRecordComponent")
  private static final class Made {
    private final float[] context;
    private final float[] velocity;

    Made(float[] context, float[] velocity) {
      this.context = context;
      this.velocity = velocity;
    }

    void requireBitsOf(Made other) {
      assertThat(context).containsExactly(other.context);
      assertThat(velocity).containsExactly(other.velocity);
    }
  }

  @TempDir private static Path dir;

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedModel embedded;

  @BeforeAll
  static void open() throws IOException {
    embedded = EmbeddedModel.open();
  }

  @AfterAll
  static void close() {
    embedded.close();
  }

  private static ModelFiles stored() throws IOException {
    return ModelFiles.find(ModelSource.of(embedded.folder()));
  }

  /** How a test writes one of the model's files anew. */
  private interface Rewrite {
    void write(Checkpoint from, Path to) throws IOException;
  }

  private static ModelFiles rewritten(String name, Rewrite rewrite) throws IOException {
    ModelFiles files = stored();
    Path dit = dir.resolve(name + "-dit.safetensors");
    Path text = dir.resolve(name + "-text.safetensors");
    try (Checkpoint from = Checkpoints.open(files.dit().getFirst())) {
      rewrite.write(from, dit);
    }
    try (Checkpoint from = Checkpoints.open(files.textEncoder())) {
      rewrite.write(from, text);
    }
    ModelFiles found =
        ModelFiles.find(
            new ModelSource(null, dit, null, null, text, files.vae(), files.tokenizer()));
    return new ModelFiles(
        found.dit(),
        found.ditLow(),
        found.t3(),
        found.textEncoder(),
        found.vae(),
        found.tokenizer(),
        files.config());
  }

  private static void quantize(Checkpoint from, Path to) throws IOException {
    Q8Conversion conversion =
        new Q8Conversion(from, info -> LinearWeights.has(info.name(), info.shape()), 1);
    new ShardedWriter(to, conversion.layout(), Long.MAX_VALUE)
        .write(conversion, conversion.metadata(), AtomicFile::create);
  }

  /** Writes the values that the quantised weights stand for, as F32. */
  private static void roundTrip(Checkpoint from, Path to) throws IOException {
    QuantizedParameters quantized =
        new QuantizedParameters(of(from), Arena.ofAuto(), 2, name -> {});
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    List<TensorInfo> layout = new ArrayList<>();
    for (String name : from.entries().keySet()) {
      Tensor tensor = quantized.tensor(name);
      if (tensor.dtype() == DType.I8) {
        tensor = values(tensor, quantized.tensor(Quantization.scaleName(name)));
      }
      tensors.put(name, tensor);
      layout.add(TensorInfo.of(name, tensor));
    }
    SafetensorsWriter.write(
        to, layout, name -> Objects.requireNonNull(tensors.get(name)), Map.of());
  }

  private static Tensor values(Tensor codes, Tensor scales) {
    Tensor values = Tensor.allocate(DType.F32, codes.shape());
    long width = codes.shape().dim(1);
    long blocks = scales.shape().dim(1);
    for (long i = 0; i < codes.shape().elements(); i++) {
      long scale = i / width * blocks + i % width / Q8.BLOCK;
      values.setDouble(i, codes.getLong(i) * (float) scales.getDouble(scale));
    }
    return values;
  }

  private static Parameters of(Checkpoint checkpoint) {
    return name -> {
      try {
        return checkpoint.tensor(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static Made run(ModelFiles files, WeightFormat format) throws IOException {
    List<float[]> seen = new ArrayList<>();
    Consumer<RunEvent> events =
        event -> {
          if (event instanceof RunEvent.Computed(_, _, Map<String, Tensor> tensors)
              && tensors.containsKey("positive")) {
            seen.add(tensors.get("positive").toFloats());
          }
        };
    GenerationRequest request =
        new GenerationRequest(
            "a red ball rolls over green grass",
            "",
            64,
            96,
            1,
            1,
            1,
            5,
            0,
            SelfAttentionPlan.full());
    try (VideoModel model = VideoModel.open(files, format, List.of());
        Backend backend = Backends.named("cpu").open(new BackendOptions(2))) {
      new TextToVideo(model, backend, MemoryBudget.UNLIMITED)
          .generate(request, new NoFrames(), RunProgress.to(events));
    }
    return new Made(seen.get(0), seen.get(1));
  }

  private static final class NoFrames implements FrameSink {
    @Override
    public void write(byte[] rgb) {}

    @Override
    public void finish() {}

    @Override
    public void close() {}
  }

  /** Products and lookups multiply by the scales in F32: the same numbers as weights in F32. */
  @Test
  void codesAndScalesComputeWhatTheirValuesDo() throws IOException {
    Made made = run(stored(), WeightFormat.Q8);
    made.requireBitsOf(
        run(rewritten("values", QuantizedModelTest::roundTrip), WeightFormat.STORED));
    ModelFiles converted = rewritten("q8", QuantizedModelTest::quantize);
    made.requireBitsOf(run(converted, WeightFormat.STORED));
    made.requireBitsOf(run(converted, WeightFormat.Q8));
  }

  /**
   * A code is off by at most half its scale, 1/254 of its block's largest weight, as if uniformly
   * distributed: by {@code max / (254 sqrt(3))} in the mean square. To first order, every linear
   * map that a value passes adds its own weights' relative error to the result, and what the
   * residual stream carries past a map has none of it; so the sum over the maps in sequence bounds
   * the relative error of the whole.
   */
  @Test
  void outputsAreOffByNoMoreThanTheRoundingOfAllMapsInSequence() throws IOException {
    ModelFiles files = stored();
    Made exact = run(files, WeightFormat.STORED);
    Made made = run(files, WeightFormat.Q8);
    try (VideoModel model = VideoModel.open(files)) {
      int textMaps = 1 + 4 * model.textConfig().layers();
      int ditMaps = textMaps + 6 * model.ditConfig().layers();
      double text = worst(files.textEncoder());
      double dit = Math.max(text, worst(files.dit().getFirst()));
      requireError("context", made.context, exact.context, textMaps * text);
      requireError("velocity", made.velocity, exact.velocity, ditMaps * dit);
    }
  }

  /** The largest relative error that rounding gives one of a file's quantised weights. */
  private static double worst(Path file) throws IOException {
    double worst = 0;
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      for (TensorInfo info : checkpoint.entries().values()) {
        if (LinearWeights.has(info.name(), info.shape())) {
          worst = Math.max(worst, relativeRounding(checkpoint.tensor(info.name())));
        }
      }
    }
    return worst;
  }

  private static double relativeRounding(Tensor weight) {
    WeightRows rows = WeightRows.of(weight);
    float[] row = new float[rows.width()];
    double rounding = 0;
    double squares = 0;
    for (long r = 0; r < rows.count(); r++) {
      rows.read(r, row);
      for (int from = 0; from < row.length; from += Q8.BLOCK) {
        int to = Math.min(row.length, from + Q8.BLOCK);
        double max = 0;
        for (int i = from; i < to; i++) {
          max = Math.max(max, Math.abs(row[i]));
          squares += (double) row[i] * row[i];
        }
        rounding += (to - from) * max * max / (254.0 * 254.0 * 3);
      }
    }
    return Math.sqrt(rounding / squares);
  }

  private static void requireError(String what, float[] made, float[] exact, double bound) {
    double error = 0;
    double squares = 0;
    double max = 0;
    for (int i = 0; i < exact.length; i++) {
      double difference = (double) made[i] - exact[i];
      error += difference * difference;
      squares += (double) exact[i] * exact[i];
      max = Math.max(max, Math.abs(difference));
    }
    double relative = Math.sqrt(error / squares);
    System.out.printf(
        "q8 %s of the embedded model: relative RMS error %.3g (bound %.3g), largest %.3g of %.3g%n",
        what, relative, bound, max, Math.sqrt(squares / exact.length));
    assertThat(relative).as("%s, relative RMS", what).isPositive().isLessThan(bound);
  }

  @Test
  void comparisonsGiveTheErrorOfEveryTensor() throws IOException {
    Path original = stored().textEncoder();
    ModelFiles converted = rewritten("compared", QuantizedModelTest::quantize);
    try (Checkpoint actual = Checkpoints.open(converted.textEncoder());
        Checkpoint expected = Checkpoints.open(original)) {
      CheckpointComparison.Result result = new CheckpointComparison(actual, expected).compare(2);
      assertThat(result.unmatched()).isEmpty();
      assertThat(result.tensors()).hasSize(expected.entries().size());
      for (CheckpointComparison.Line line : result.tensors()) {
        TensorInfo info = expected.info(line.name());
        if (!LinearWeights.has(line.name(), info.shape())) {
          assertThat(line)
              .isEqualTo(new CheckpointComparison.Line(line.name(), 1, "BF16 of BF16", 0, 0));
          continue;
        }
        assertThat(line.types()).isEqualTo("q8 of BF16");
        assertThat(line.relativeRms())
            .as(line.name())
            .isCloseTo(relativeRounding(expected.tensor(line.name())), withinPercentage(20));
      }
      assertThat(result.kinds())
          .extracting(CheckpointComparison.Line::name)
          .contains("token_embedding.weight", "blocks.*.attn.q.weight")
          .doesNotHaveDuplicates();
      assertThat(result.kinds().stream().mapToInt(CheckpointComparison.Line::tensors).sum())
          .isEqualTo(result.total().tensors());
    }
  }
}
