package org.t3jvm.bench.fullsize;

import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.t3jvm.bench.cases.GraphWork;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.DitText;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.dit.TextRows;
import org.t3jvm.model.dit.TimestepEmbedding;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.fit.Preset;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.random.TorchRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code t3 full-size-dit}: one forward pass of a released DiT with random weights and T3 windows,
 * with its time and memory, for maintainers.
 */
@Command(
    name = "full-size-dit",
    description = "Runs one forward pass of a released DiT with random weights.",
    hidden = true,
    mixinStandardHelpOptions = true)
final class FullSizeDitCommand implements Callable<Integer> {
  private static final float TIMESTEP = 900;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--preset",
      paramLabel = "MODEL",
      description = "Whose DiT: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Preset preset = Preset.WAN21_T2V_1_3B;

  @Option(names = "--height", paramLabel = "PIXELS", description = "Default: ${DEFAULT-VALUE}.")
  private int height = 2176;

  @Option(names = "--width", paramLabel = "PIXELS", description = "Default: ${DEFAULT-VALUE}.")
  private int width = 3840;

  @Option(names = "--latent-frames", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int latentFrames = 1;

  @Option(names = "--text-tokens", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int textTokens = 50;

  @Option(names = "--head-groups", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int headGroups = 1;

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16|int8",
      description = "What the operands of products and attention are rounded to (default: f32).")
  private Precision precision = Precision.F32;

  @Override
  public Integer call() {
    ModelTypes model = preset.model();
    DitConfig config = model.dit();
    int cell = model.vae().spatialFactor();
    TokenGrid grid = config.grid(latentFrames, height / cell, width / cell);
    T3Windows windows = T3WindowRule.forTokensOf(cell * config.patchH()).windows(grid);
    int rows = TextRows.rowsFor(textTokens);
    Dit.Job job = new Dit.Job(grid, rows, true, false).with(new Dit.Parts(headGroups, 1));
    TorchRandom random = new TorchRandom(0);
    try (Arena arena = Arena.ofShared();
        Backend backend = Backends.named("cpu").open(BackendOptions.defaults().with(precision))) {
      Parameters parameters = new SyntheticDit(config, arena).parameters();
      print("%s: %,d tokens, %s, %s", preset, grid.tokens(), windows.description(), precision);
      Map<String, Tensor> inputs = text(backend, config, parameters, random);
      Shape shape = Shape.of(config.inChannels(), latentFrames, height / cell, width / cell);
      inputs.put(Dit.LATENTS, random.randn(shape));
      inputs.put(Dit.SINUSOID, TimestepEmbedding.sinusoid(config.freqDim(), TIMESTEP));
      Graph graph = Dit.graph(config, windows, parameters, job, Taps.NONE);
      forward(backend, graph, parameters, inputs, shape);
    }
    return 0;
  }

  private Map<String, Tensor> text(
      Backend backend, DitConfig config, Parameters parameters, TorchRandom random) {
    TextRows folded =
        TextRows.fold(random.randn(Shape.of(textTokens, config.textDim())), textTokens);
    try (Program program =
        backend.compile(DitText.graph(config, parameters, folded.rows(), Taps.NONE), parameters)) {
      Map<String, Tensor> inputs =
          new HashMap<>(program.run(Map.of(DitText.CONTEXT, folded.context())));
      inputs.put(Dit.TEXT_BIAS, folded.bias());
      return inputs;
    }
  }

  private void forward(
      Backend backend,
      Graph graph,
      Parameters parameters,
      Map<String, Tensor> inputs,
      Shape shape) {
    double flop = GraphWork.flop(graph);
    try (Program program = backend.compile(graph, parameters)) {
      Tensor velocity = Tensor.allocate(DType.F32, shape);
      AtomicInteger regions = new AtomicInteger();
      long started = System.nanoTime();
      program.run(
          inputs,
          Map.of(Dit.VELOCITY, velocity),
          region -> print("block %d at %.0f s", regions.incrementAndGet(), seconds(started)));
      double seconds = seconds(started);
      print(
          "%.1f TFLOP in %.0f s: %.0f GFLOP/s; memory by plan %.2f GB, weights apart",
          flop / 1e12,
          seconds,
          flop / seconds / 1e9,
          (program.memoryPlan().activations() + program.memoryPlan().scratch()) / 1e9);
      print("velocities of root mean square %.3f", rootMeanSquare(velocity));
    }
    PeakMemory.lines().forEach(line -> print("%s", line));
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private static double rootMeanSquare(Tensor tensor) {
    double sum = 0;
    float[] values = tensor.toFloats();
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  private void print(String format, Object... values) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
