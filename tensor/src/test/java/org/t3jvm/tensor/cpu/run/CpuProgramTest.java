package org.t3jvm.tensor.cpu.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.MemoryPlan;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.cpu.CpuBackend;
import org.t3jvm.tensor.cpu.RandomGraphs;
import org.t3jvm.tensor.cpu.SingleOps;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class CpuProgramTest {
  private static final Parameters NONE = Parameters.of(Map.of());
  private final Backend backend = new CpuBackend(2);

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  @Test
  void anOutputThatLaterOpsReadStaysWhatItWas() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3));
    Value doubled = g.affine(x, 2, 0);
    g.output("doubled", doubled);
    g.output("clamped", g.clamp(g.affine(doubled, 1, 1), 0, 4));
    Map<String, Tensor> out = backend.compile(g.graph(), NONE).run(Map.of("x", floats(1, 2, -3)));
    assertThat(floats(out, "doubled")).containsExactly(2, 4, -6);
    assertThat(floats(out, "clamped")).containsExactly(3, 4, 0);
  }

  @Test
  void outputsMayBeInputsParametersConstantsAndPartsOfThem() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(2, 3));
    Value weight = g.parameter("w", DType.F32, Shape.of(4, 2));
    Value constant = g.constant(floats(7, 8));
    g.output("same", x);
    g.output("reshaped", g.reshape(x, 3, 2));
    g.output("row", g.slice(x, 0, 1, 1));
    g.output("rows of w", g.slice(weight, 0, 1, 2));
    g.output("constant", constant);
    g.output("sum", g.add(g.slice(weight, 0, 3, 1), constant));
    Tensor w = Tensor.ofFloats(Shape.of(4, 2), 1, 2, 3, 4, 5, 6, 7, 8);
    Program program = backend.compile(g.graph(), Parameters.of(Map.of("w", w)));
    Tensor input = Tensor.ofFloats(Shape.of(2, 3), 1, 2, 3, 4, 5, 6);
    Map<String, Tensor> out = program.run(Map.of("x", input));
    assertThat(floats(out, "same")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(floats(out, "reshaped")).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(floats(out, "row")).containsExactly(4, 5, 6);
    assertThat(floats(out, "rows of w")).containsExactly(3, 4, 5, 6);
    assertThat(floats(out, "constant")).containsExactly(7, 8);
    assertThat(floats(out, "sum")).containsExactly(14, 16);
    assertThat(w.toFloats()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(program.memoryPlan()).isEqualTo(new MemoryPlan(0, 0, 32));
  }

  @Test
  void oneValueMayBeSeveralOutputsAndPartsOfItMoreOfThem() {
    Tracer g = new Tracer();
    Value y = g.affine(g.input("x", DType.F32, Shape.of(4)), 1, 1);
    g.output("part", g.slice(y, 0, 1, 2));
    g.output("first", y);
    g.output("second", y);
    g.output("square", g.reshape(y, 2, 2));
    Map<String, Tensor> out = backend.compile(g.graph(), NONE).run(Map.of("x", floats(1, 2, 3, 4)));
    assertThat(floats(out, "part")).containsExactly(3, 4);
    assertThat(floats(out, "first")).containsExactly(2, 3, 4, 5);
    assertThat(floats(out, "second")).containsExactly(2, 3, 4, 5);
    assertThat(floats(out, "square")).containsExactly(2, 3, 4, 5);
  }

  @Test
  void outputsThatNobodyAsksForDoNotDisturbTheOthers() {
    Tracer g = new Tracer();
    Value y = g.affine(g.input("x", DType.F32, Shape.of(2)), 3, 0);
    g.output("y", y);
    g.output("z", g.affine(y, 1, 1));
    g.output("again", y);
    Program program = backend.compile(g.graph(), NONE);
    for (int run = 0; run < 3; run++) {
      Tensor z = Tensor.allocate(DType.F32, Shape.of(2));
      program.run(Map.of("x", floats(run, 2)), Map.of("z", z), RegionListener.NONE);
      assertThat(z.toFloats()).containsExactly(3 * run + 1, 7);
    }
  }

  /** As a sampler does that steps its latents in place. */
  @Test
  void anOutputMayOverwriteItsInput() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3));
    Value y = g.affine(x, 10, 0);
    g.output("y", y);
    g.output("sum", g.add(y, x));
    Program program = backend.compile(g.graph(), NONE);
    Tensor latents = floats(1, 2, 3);
    Tensor sum = Tensor.allocate(DType.F32, Shape.of(3));
    program.run(Map.of("x", latents), Map.of("y", latents, "sum", sum), RegionListener.NONE);
    assertThat(latents.toFloats()).containsExactly(10, 20, 30);
    assertThat(sum.toFloats()).containsExactly(11, 22, 33);
  }

  @Test
  void unalignedTensorsGiveTheSameNumbers() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(5, 37));
    Value w = g.parameter("w", DType.F32, Shape.of(37));
    g.output("y", g.geluTanh(g.softmax(g.rmsNorm(x, w, 1e-6f))));
    Tensor input = random(Shape.of(5, 37), 1);
    Tensor weight = random(Shape.of(37), 2);
    Program aligned = backend.compile(g.graph(), Parameters.of(Map.of("w", weight)));
    Program shifted = backend.compile(g.graph(), Parameters.of(Map.of("w", shifted(weight))));
    Tensor expected = get(aligned.run(Map.of("x", input)), "y");
    Tensor actual = shifted(expected);
    shifted.run(Map.of("x", shifted(input)), Map.of("y", actual), RegionListener.NONE);
    assertThat(actual.toFloats()).containsExactly(expected.toFloats());
  }

  @Test
  void randomGraphsAgreeWithRunningEveryOpAlone() {
    for (long seed = 0; seed < 150; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Map<String, Tensor> given = new HashMap<>();
      Tensor weight = random(Shape.of(5, 7), seed);
      for (Map.Entry<String, Value> input : graph.inputs().entrySet()) {
        given.put(input.getKey(), random(input.getValue().shape(), seed + given.size() + 1));
      }
      Map<String, Tensor> expected = new SingleOps(backend, weight).run(graph, given);
      try (Program program = backend.compile(graph, Parameters.of(Map.of("weight", weight)))) {
        for (int run = 0; run < 2; run++) {
          Map<String, Tensor> actual = program.run(given);
          for (String name : graph.outputs().keySet()) {
            assertThat(floats(actual, name))
                .as("seed %d, run %d, %s", seed, run, name)
                .containsExactly(floats(expected, name));
          }
        }
      }
    }
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(513, 700));
    Value h = g.softmax(g.layerNorm(x, null, null, 1e-6f));
    Value mean = g.reduce(Op.Reduce.Kind.MEAN, h, 0);
    g.output("y", g.permute(g.silu(g.sub(h, mean)), 1, 0));
    g.output("sum", g.reduce(Op.Reduce.Kind.SUM, g.reshape(h, 513 * 700), 0));
    // Tasks that keep their partial results in scratch, long enough to overlap.
    Value wide = g.input("wide", DType.F32, Shape.of(400, 14_364));
    g.output("columns", g.reduce(Op.Reduce.Kind.SUM, wide, 0));
    Map<String, Tensor> inputs =
        Map.of("x", random(Shape.of(513, 700), 3), "wide", random(wide.shape(), 4));
    List<Map<String, Tensor>> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Backend other = new CpuBackend(threads)) {
        results.add(other.compile(g.graph(), NONE).run(inputs));
      }
    }
    for (String name : g.graph().outputs().keySet()) {
      MemorySegment first = get(results.getFirst(), name).segment();
      for (Map<String, Tensor> result : results) {
        assertThat(first.mismatch(get(result, name).segment())).as(name).isEqualTo(-1);
      }
    }
  }

  @Test
  void theMemoryPlanCountsArenaScratchAndParameters() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(8, 100));
    Value w = g.parameter("w", DType.BF16, Shape.of(100));
    Value normed = g.rmsNorm(x, w, 1e-6f);
    g.output("y", g.permute(normed, 1, 0));
    MemoryPlan plan =
        backend
            .compile(
                g.graph(), Parameters.of(Map.of("w", Tensor.allocate(DType.BF16, Shape.of(100)))))
            .memoryPlan();
    // 100 floats of the widened weight, rounded up to 64 bytes, beside the normalised rows.
    assertThat(plan.activations()).isEqualTo(448 + 8 * 100 * 4);
    assertThat(plan.scratch()).isEqualTo(2L * Lanes.COUNT * 4);
    assertThat(plan.parameters()).isEqualTo(200);
  }

  @Test
  void tellsOfRegionsInOrderAndStopsWhenTheListenerThrows() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(2));
    Value a = g.region("a", "k", () -> g.silu(x));
    Value unused = g.region("unused", "k", () -> g.exp(x));
    Value b = g.region("b", "k", () -> g.silu(a));
    g.output("b", b);
    Program program = backend.compile(g.graph(), NONE);
    List<String> heard = new ArrayList<>();
    Tensor out = Tensor.allocate(DType.F32, Shape.of(2));
    program.run(Map.of("x", floats(1, 2)), Map.of("b", out), region -> heard.add(region.name()));
    assertThat(heard).containsExactly("a", "unused", "b");
    assertThat(unused.shape()).isEqualTo(Shape.of(2));
    out.setDouble(0, 99);
    assertThatThrownBy(
            () ->
                program.run(
                    Map.of("x", floats(1, 2)),
                    Map.of("b", out),
                    region -> {
                      throw new IllegalStateException("stop after " + region.name());
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("stop after a");
    assertThat(out.getDouble(0)).isEqualTo(99);
    assertThat(floats(program.run(Map.of("x", floats(0, 0))), "b")).containsExactly(0, 0);
  }

  @Test
  void anIdOutsideOfTheTableIsNamed() {
    Tracer g = new Tracer();
    Value ids = g.input("ids", DType.I64, Shape.of(3));
    Value table = g.parameter("table", DType.F32, Shape.of(4, 2));
    g.output("y", g.embedding(table, ids));
    Tensor rows = Tensor.ofFloats(Shape.of(4, 2), 0, 1, 2, 3, 4, 5, 6, 7);
    Program program = backend.compile(g.graph(), Parameters.of(Map.of("table", rows)));
    assertThat(floats(program.run(Map.of("ids", Tensor.ofLongs(Shape.of(3), 3, 0, 1))), "y"))
        .containsExactly(6, 7, 0, 1, 2, 3);
    for (long bad : new long[] {-1, 4, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> program.run(Map.of("ids", Tensor.ofLongs(Shape.of(3), 0, bad, 0))))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("id " + bad)
          .hasMessageContaining("V = 4");
    }
  }

  @Test
  void memoryThatWorkersCannotReachIsNamed() {
    Tracer g = new Tracer();
    g.output("y", g.silu(g.input("x", DType.F32, Shape.of(2))));
    Program program = backend.compile(g.graph(), NONE);
    Tensor heap = Tensor.of(DType.F32, Shape.of(2), MemorySegment.ofArray(new byte[8]));
    assertThatThrownBy(() -> program.run(Map.of("x", heap)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("input 'x' F32 [2] lies in the Java heap");
    try (Arena confined = Arena.ofConfined()) {
      Tensor own = Tensor.allocate(confined, DType.F32, Shape.of(2));
      assertThatThrownBy(() -> program.run(Map.of("x", own)))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("confined");
    }
    Tensor out = Tensor.allocate(DType.F32, Shape.of(2));
    Tensor fixed = Tensor.of(DType.F32, Shape.of(2), out.segment().asReadOnly());
    assertThatThrownBy(
            () -> program.run(Map.of("x", floats(1, 2)), Map.of("y", fixed), RegionListener.NONE))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("output 'y' F32 [2] lies in read-only memory");
  }

  @Test
  void aProgramTakesOneRunAtATimeAndNoneWhenClosed() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(2));
    g.output("y", g.region("r", "k", () -> g.silu(x)));
    Program program = backend.compile(g.graph(), NONE);
    Map<String, Tensor> inputs = Map.of("x", floats(1, 2));
    Map<String, Tensor> outputs = Map.of("y", floats(0, 0));
    assertThatThrownBy(() -> program.run(inputs, outputs, region -> program.run(inputs)))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("one run at a time");
    program.close();
    program.close();
    assertThatThrownBy(() -> program.run(inputs))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("closed");
  }

  /** The lookup of a parameter stands for another thread that closes the backend meanwhile. */
  @Test
  void aBackendThatIsClosedMeanwhileLeavesNoProgram() {
    Tracer g = new Tracer();
    g.output("y", g.exp(g.parameter("x", DType.F32, Shape.of(3))));
    Parameters closing =
        name -> {
          backend.close();
          return Tensor.allocate(DType.F32, Shape.of(3));
        };
    assertThatThrownBy(() -> backend.compile(g.graph(), closing))
        .isInstanceOf(BackendException.class)
        .hasMessage("backend 'cpu' is closed");
  }

  @Test
  void closingTheBackendClosesItsPrograms() {
    Tracer g = new Tracer();
    g.output("y", g.silu(g.input("x", DType.F32, Shape.of(2))));
    Program program = backend.compile(g.graph(), NONE);
    backend.close();
    assertThatThrownBy(() -> program.run(Map.of("x", floats(1, 2))))
        .isInstanceOf(BackendException.class);
    assertThatThrownBy(() -> backend.compile(g.graph(), NONE))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("closed");
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static float[] floats(Map<String, Tensor> tensors, String name) {
    return get(tensors, name).toFloats();
  }

  private static Tensor floats(float... values) {
    return Tensor.ofFloats(Shape.of(values.length), values);
  }

  static Tensor random(Shape shape, long seed) {
    Random random = new Random(seed);
    Tensor tensor = Tensor.allocate(DType.F32, shape);
    for (long i = 0; i < shape.elements(); i++) {
      tensor.setDouble(i, random.nextGaussian());
    }
    return tensor;
  }

  /** A copy that starts three bytes after an aligned address, as in a mapped file. */
  private static Tensor shifted(Tensor tensor) {
    MemorySegment memory = Arena.ofAuto().allocate(tensor.byteSize() + 3, 64);
    Tensor copy = Tensor.of(tensor.dtype(), tensor.shape(), memory.asSlice(3, tensor.byteSize()));
    copy.copyFrom(tensor);
    return copy;
  }
}
