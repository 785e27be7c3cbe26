package org.t3jvm.tensor.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.cpu.rounded.Arithmetic;
import org.t3jvm.tensor.cpu.run.CpuProgram;
import org.t3jvm.tensor.cpu.run.WorkerPool;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.random.TorchRandom;

class RowChunksTest {
  private static final int WHOLE = Integer.MAX_VALUE;
  private static final long ROWS = 700;
  private static final long WIDTH = 24;
  private static final long HIDDEN = 96;

  /** Cross-attention and feed-forward network, as in a transformer block. */
  private static Graph block() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(ROWS, WIDTH));
    Value mods = g.input("mods", DType.F32, Shape.of(3, WIDTH));
    Value perRow = g.input("per row", DType.F32, Shape.of(ROWS, 1));
    Value text = g.input("text", DType.F32, Shape.of(9, WIDTH));
    Value norm = g.parameter("norm", DType.F32, Shape.of(WIDTH));
    Value query = g.parameter("q", DType.BF16, Shape.of(WIDTH, WIDTH));
    Value back = g.parameter("o", DType.BF16, Shape.of(WIDTH, WIDTH));
    Value codes = g.parameter("up", DType.I8, Shape.of(HIDDEN, WIDTH));
    Value up = g.scaled(codes, g.parameter("scales", DType.F32, Shape.of(HIDDEN, 3)), 11);
    Value bias = g.parameter("bias", DType.F32, Shape.of(HIDDEN));
    Value down = g.parameter("down", DType.F16, Shape.of(WIDTH, HIDDEN));
    Value q = g.rmsNorm(g.linear(g.layerNorm(x, norm, norm, 1e-6f), query, null), norm, 1e-6f);
    Value attended = g.attention(q, text, text, 2, 0.3f, new AttentionPattern.Full(), null);
    Value y = g.add(x, g.linear(attended, back, null));
    Value z = g.layerNorm(y, null, null, 1e-6f);
    z = g.modulate(z, g.slice(mods, 0, 0, 1), g.slice(mods, 0, 1, 1));
    z = g.mul(z, perRow);
    z = g.linear(g.geluTanh(g.linear(z, up, bias)), down, null);
    g.output("y", g.gatedResidual(y, g.slice(mods, 0, 2, 1), z));
    return g.graph();
  }

  @ParameterizedTest
  @ValueSource(ints = {350, 333, 100, 64})
  void chunksGiveTheBitsOfTheWhole(int chunkRows) {
    Graph graph = block();
    for (int threads = 1; threads <= 2; threads++) {
      float[] whole = run(graph, threads, WHOLE);
      assertThat(whole).doesNotContain(0f).doesNotContain(Float.NaN);
      assertThat(run(graph, threads, chunkRows))
          .as("%d rows of a chunk, %d threads, seed 5", chunkRows, threads)
          .containsExactly(whole);
    }
  }

  @Test
  void hiddenTensorsExistForOneChunk() {
    long hiddenBytes = ROWS * HIDDEN * Float.BYTES;
    long whole = plan(WHOLE).activations();
    long chunked = plan(70).activations();
    assertThat(whole).isGreaterThan(hiddenBytes);
    assertThat(chunked).isLessThan(whole - hiddenBytes / 2);
  }

  @Test
  void chunksAreWrittenOverTheRowsThatTheyRead() {
    Tracer g = new Tracer();
    Value x = g.affine(g.input("x", DType.F32, Shape.of(ROWS, WIDTH)), 1.5f, 0.1f);
    Value up = g.parameter("up", DType.F32, Shape.of(HIDDEN, WIDTH));
    Value down = g.parameter("down", DType.F32, Shape.of(WIDTH, HIDDEN));
    Value gate = g.parameter("gate", DType.F32, Shape.of(WIDTH));
    for (int i = 0; i < 2; i++) {
      Value hidden = g.geluTanh(g.linear(g.rmsNorm(x, null, 1e-6f), up, null));
      x = g.gatedResidual(x, gate, g.linear(hidden, down, null));
    }
    g.output("y", g.permute(x, 1, 0));
    Graph graph = g.graph();
    for (int chunkRows : new int[] {350, 333, 64}) {
      assertThat(run(graph, 2, chunkRows))
          .as("%d rows of a chunk", chunkRows)
          .containsExactly(run(graph, 1, WHOLE));
    }
    long tokens = ROWS * WIDTH * Float.BYTES;
    long chunk = 70 * (2 * WIDTH + HIDDEN) * Float.BYTES;
    assertThat(plan(graph, 70).activations()).isLessThan(tokens + 2 * chunk);
  }

  @Test
  void rowsThatOthersReadLaterAreNotWrittenOver() {
    Tracer g = new Tracer();
    Value x = g.affine(g.input("x", DType.F32, Shape.of(ROWS, WIDTH)), 1.5f, 0.1f);
    Value weight = g.parameter("w", DType.F32, Shape.of(WIDTH, WIDTH));
    Value y = g.add(x, g.linear(g.rmsNorm(x, null, 1e-6f), weight, null));
    g.output("y", g.sub(g.permute(y, 1, 0), g.permute(x, 1, 0)));
    assertThat(run(g.graph(), 2, 64)).containsExactly(run(g.graph(), 1, WHOLE));
  }

  @Test
  void rowsThatEveryChunkReadsWholeAreNotWrittenOver() {
    Tracer g = new Tracer();
    Value x = g.affine(g.input("x", DType.F32, Shape.of(ROWS, WIDTH)), 1.5f, 0.1f);
    Value weight = g.parameter("w", DType.F32, Shape.of(WIDTH, WIDTH));
    AttentionPattern full = new AttentionPattern.Full();
    Value y = g.attention(g.linear(x, weight, null), x, x, 2, 0.3f, full, null);
    g.output("y", g.permute(g.linear(y, weight, null), 1, 0));
    assertThat(run(g.graph(), 2, 64)).containsExactly(run(g.graph(), 1, WHOLE));
  }

  @Test
  void aValueWithTwoReadersOrFewRowsStaysWhole() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(ROWS, WIDTH));
    Value weight = g.parameter("w", DType.F32, Shape.of(WIDTH, WIDTH));
    Value a = g.linear(x, weight, null);
    Value b = g.linear(a, weight, null);
    Value c = g.linear(b, weight, null);
    g.output("y", g.add(g.permute(a, 1, 0), g.permute(c, 1, 0)));
    Graph graph = g.graph();
    assertThat(Placement.of(graph, 100, Arithmetic.F32).located(a)).isTrue();
    assertThat(Placement.of(graph, 100, Arithmetic.F32).located(b)).isFalse();
    assertThat(Placement.of(graph, 351, Arithmetic.F32).located(b)).isTrue();
  }

  @Test
  void aQuantisedWeightLiesNowhereUnlessOthersReadItsValues() {
    for (boolean others : new boolean[] {false, true}) {
      Tracer g = new Tracer();
      Value x = g.input("x", DType.F32, Shape.of(ROWS, WIDTH));
      Value codes = g.parameter("codes", DType.I8, Shape.of(WIDTH, WIDTH));
      Value weight = g.scaled(codes, g.parameter("scales", DType.F32, Shape.of(WIDTH, 1)), 64);
      Value y = g.linear(g.linear(x, weight, null), weight, null);
      g.output("y", others ? g.linear(y, g.permute(weight, 1, 0), null) : y);
      Graph graph = g.graph();
      assertThat(Placement.of(graph, WHOLE, Arithmetic.F32).located(weight)).isEqualTo(others);
      assertThat(Placement.of(graph, 100, Arithmetic.F32).located(weight)).isEqualTo(others);
      assertThat(run(graph, 2, 100)).containsExactly(run(graph, 2, WHOLE));
    }
  }

  private static MemoryPlan plan(int chunkRows) {
    return plan(block(), chunkRows);
  }

  private static MemoryPlan plan(Graph graph, int chunkRows) {
    try (WorkerPool pool = new WorkerPool(1);
        CpuProgram program = compile(graph, pool, chunkRows)) {
      return program.memoryPlan();
    }
  }

  private static float[] run(Graph graph, int threads, int chunkRows) {
    TorchRandom random = new TorchRandom(7);
    Map<String, Tensor> inputs = new HashMap<>();
    graph.inputs().forEach((name, value) -> inputs.put(name, random.randn(value.shape())));
    try (WorkerPool pool = new WorkerPool(threads);
        CpuProgram program = compile(graph, pool, chunkRows)) {
      program.run(inputs);
      return Objects.requireNonNull(program.run(inputs).get("y")).toFloats();
    }
  }

  private static CpuProgram compile(Graph graph, WorkerPool pool, int chunkRows) {
    TorchRandom random = new TorchRandom(5);
    Map<String, Tensor> parameters = new HashMap<>();
    graph
        .parameters()
        .forEach(
            (name, value) -> parameters.put(name, random.randn(value.shape()).to(value.dtype())));
    return CpuProgram.compile(
        graph, Parameters.of(parameters), pool, chunkRows, Arithmetic.F32, closed -> {});
  }
}
