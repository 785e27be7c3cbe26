package org.t3jvm.model.warm;

import java.util.Map;
import java.util.stream.Collectors;
import org.t3jvm.model.dit.Dit;
import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.dit.SelfAttentionPlan;
import org.t3jvm.model.nn.ParameterShapes;
import org.t3jvm.model.nn.Taps;
import org.t3jvm.model.text.Umt5;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;

/**
 * Runs a tiny text encoder and a tiny DiT of zeros on the backend {@code cpu} while the command
 * line starts. Until the JVM has compiled a kernel, its vector operations are calls that allocate,
 * many times as slow; and it compiles by the number of calls, not by their work. So calls on little
 * data bring the first step of a video forward.
 */
public final class KernelWarmUp {
  /** After so many, every kernel has been called often enough to be compiled. */
  static final int ROUNDS = 100;

  private static final int TEXT_ROWS = 32;

  private static final Umt5Config TEXT = new Umt5Config(8, 16, 16, 48, 1, 1, 32);

  /** Tokens between the DiT's width and that of its hidden layer: both ways to multiply. */
  private static final TokenGrid TOKENS = new TokenGrid(2, 4, 4);

  private static final DitConfig DIT = new DitConfig(16, 16, 24, 1, 64, 1, 16, 16, 2, 2);

  private final Graph graph;
  private final Parameters parameters;

  private KernelWarmUp(Graph graph, Parameters parameters) {
    this.graph = graph;
    this.parameters = parameters;
  }

  /** Starts beside everything else. If it fails, so will what it is for, which reports that. */
  public static void start() {
    Thread.ofPlatform()
        .name("t3-warm-up")
        .daemon()
        .uncaughtExceptionHandler((thread, failure) -> {})
        .start(() -> run(ROUNDS));
  }

  /** Runs both models so many times, on this thread alone. */
  static void run(int rounds) {
    KernelWarmUp text = text();
    KernelWarmUp dit = dit();
    try (Backend backend = Backends.named("cpu").open(new BackendOptions(1));
        Program textProgram = backend.compile(text.graph, text.parameters);
        Program ditProgram = backend.compile(dit.graph, dit.parameters)) {
      Map<String, Tensor> textInputs = text.inputs();
      Map<String, Tensor> ditInputs = dit.inputs();
      for (int i = 0; i < rounds; i++) {
        textProgram.run(textInputs);
        ditProgram.run(ditInputs);
      }
    }
  }

  static KernelWarmUp text() {
    Parameters parameters = zeros(TEXT.parameterShapes());
    return new KernelWarmUp(Umt5.graph(TEXT, parameters, TEXT_ROWS), parameters);
  }

  static KernelWarmUp dit() {
    Parameters parameters = zeros(DIT.parameterShapes());
    Dit.Job job = new Dit.Job(TOKENS, TEXT_ROWS, true, false);
    return new KernelWarmUp(
        Dit.graph(DIT, SelfAttentionPlan.full(), parameters, job, Taps.NONE), parameters);
  }

  Graph graph() {
    return graph;
  }

  private Map<String, Tensor> inputs() {
    return graph.inputs().entrySet().stream()
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                input -> Tensor.allocate(input.getValue().dtype(), input.getValue().shape())));
  }

  /** BF16, as released weights are. */
  private static Parameters zeros(ParameterShapes shapes) {
    return Parameters.of(
        shapes.asMap().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, shape -> Tensor.allocate(DType.BF16, shape.getValue()))));
  }
}
