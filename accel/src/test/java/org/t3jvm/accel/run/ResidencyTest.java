package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** What goes to the device once, and what with every run. */
class ResidencyTest {
  private static Graph graph() {
    Tracer g = new Tracer();
    Value weight = g.parameter("weight", DType.BF16, Shape.of(64, 32));
    Value x = g.input("x", DType.F32, Shape.of(3, 32));
    Value text = g.input("text", DType.F32, Shape.of(3, 64));
    g.output("y", g.add(g.linear(x, weight, null), text));
    return g.graph();
  }

  private static final Parameters PARAMETERS =
      Parameters.of(Map.of("weight", Tensor.allocate(DType.BF16, Shape.of(64, 32))));

  @Test
  void parametersAndReadOnlyInputsGoOnce() {
    FakeDevice device = new FakeDevice(1 << 30);
    DeviceSpace space = new DeviceSpace("opencl", device, 1 << 30);
    Tensor x = Tensor.allocate(DType.F32, Shape.of(3, 32));
    Tensor positive = Tensor.allocate(DType.F32, Shape.of(3, 64)).asReadOnly();
    Tensor negative = Tensor.allocate(DType.F32, Shape.of(3, 64)).asReadOnly();
    try (Program program =
        new DeviceBackend(space, Precision.F32, 1).compile(graph(), PARAMETERS)) {
      program.run(Map.of("x", x, "text", positive));
      program.run(Map.of("x", x, "text", negative));
      TransferCounts before = space.transferCounts();
      for (int step = 0; step < 3; step++) {
        program.run(Map.of("x", x, "text", positive));
        program.run(Map.of("x", x, "text", negative));
      }
      TransferCounts after = space.transferCounts();
      assertThat(after.parameters()).isEqualTo(before.parameters());
      assertThat(after.inputs() - before.inputs()).isEqualTo(6);
      assertThat(after.inputBytes() - before.inputBytes()).isEqualTo(6 * 3 * 32 * 4);
      assertThat(after.outputs() - before.outputs()).isEqualTo(6);
    }
  }

  /** Linear layers with weights of all kinds, of 90 kB to 360 kB on the device. */
  private static Graph chain(int layers, Map<String, Tensor> weights) {
    List<DType> types = List.of(DType.F32, DType.BF16, DType.F16, DType.I8);
    Tracer g = new Tracer();
    Value y = g.input("x", DType.F32, Shape.of(1, 300));
    weights.put("scale", Tensor.allocate(DType.F32, Shape.of(1, 1)));
    Value scale = g.parameter("scale", DType.F32, Shape.of(1, 1));
    for (int i = 0; i < layers; i++) {
      DType type = types.get(i % types.size());
      Shape shape = Shape.of(300, 300);
      weights.put("weight" + i, Tensor.allocate(type, shape));
      weights.put("bias" + i, Tensor.allocate(DType.F32, Shape.of(300)));
      Value weight = g.parameter("weight" + i, type, shape);
      if (type == DType.I8) {
        weight = g.scaled(weight, scale, 300);
      }
      y = g.linear(y, weight, g.parameter("bias" + i, DType.F32, Shape.of(300)));
    }
    g.output("y", y);
    return g.graph();
  }

  /** Bytes that each later run of a graph brings, which must be what was planned. */
  private static long broughtAgain(Graph graph, Map<String, Tensor> weights, long budget) {
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(budget), budget);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    try (Program program = backend.compile(graph, Parameters.of(weights))) {
      Tensor x = Tensor.allocate(DType.F32, Shape.of(1, 300));
      program.run(Map.of("x", x));
      long first = space.transferCounts().parameterBytes();
      program.run(Map.of("x", x));
      long again = space.transferCounts().parameterBytes() - first;
      assertThat(backend.plan(graph)).hasValue(program.memoryPlan());
      assertThat(again).isEqualTo(program.memoryPlan().streamed());
      return again;
    }
  }

  @Test
  void parametersStayAsFarAsTheyFitAndOthersAreBroughtInEveryRun() {
    Map<String, Tensor> weights = new HashMap<>();
    Graph graph = chain(16, weights);
    long all = 4 * (360_000 + 180_000 + 180_000 + 90_000);
    long before = all;
    for (int eighths : List.of(12, 16, 20, 24, 28)) {
      long brought = broughtAgain(graph, weights, eighths * (1L << 17));
      assertThat(brought).as("%d eighths of a MiB", eighths).isLessThanOrEqualTo(before);
      before = brought;
    }
    assertThat(before).isPositive();
    assertThat(all - before).isGreaterThan(all / 3);
    assertThat(broughtAgain(graph, weights, 8 << 20)).isZero();
  }

  @Test
  void whatEveryRunBringsStaysPacked() {
    Map<String, Tensor> weights = new HashMap<>();
    Graph graph = chain(4, weights);
    assertThat(broughtAgain(graph, weights, 3 << 19))
        .isEqualTo(360_000 + 180_000 + 180_000 + 90_000);
  }

  @Test
  void memoryOfPackedParametersServesOthersAfterwards() {
    long budget = 9 << 18;
    FakeDevice device = new FakeDevice(budget);
    DeviceSpace space = new DeviceSpace("opencl", device, budget);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    Tracer packed = new Tracer();
    Value table = packed.parameter("table", DType.BF16, Shape.of(1100, 500));
    packed.output("y", packed.embedding(table, packed.input("ids", DType.I64, Shape.of(2))));
    Tracer plain = new Tracer();
    Value x = plain.input("x", DType.F32, Shape.of(1, 500));
    Value weight = plain.parameter("weight", DType.F32, Shape.of(800, 500));
    plain.output("y", plain.linear(x, weight, null));
    try (Program first =
            backend.compile(
                packed.graph(),
                Parameters.of(Map.of("table", Tensor.allocate(DType.BF16, Shape.of(1100, 500)))));
        Program second =
            backend.compile(
                plain.graph(),
                Parameters.of(Map.of("weight", Tensor.allocate(DType.F32, Shape.of(800, 500)))))) {
      for (int i = 1; i <= 2; i++) {
        first.run(Map.of("ids", Tensor.ofLongs(Shape.of(2), 3, 4)));
        assertThat(device.releases).isEqualTo(2 * i - 2);
        second.run(Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 500))));
        assertThat(device.releases).isEqualTo(2 * i - 1);
      }
    }
  }

  @Test
  void aProgramGivesWayToOneThatNeedsItsMemory() {
    long budget = 2 << 20;
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(budget), budget);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    Map<String, Tensor> weights = new HashMap<>();
    Map<String, Tensor> others = new HashMap<>();
    Map<String, Tensor> inputs = Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 300)));
    try (Program first = backend.compile(chain(6, weights), Parameters.of(weights));
        Program second = backend.compile(chain(6, others), Parameters.of(others))) {
      first.run(inputs);
      second.run(inputs);
      long brought = space.transferCounts().parameterBytes();
      second.run(inputs);
      assertThat(space.transferCounts().parameterBytes() - brought)
          .isEqualTo(second.memoryPlan().streamed());
    }
  }

  @Test
  void theProgramThatRanLongestAgoGivesWayFirst() {
    long budget = 3 << 20;
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(budget), budget);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    Map<String, Tensor> a = new HashMap<>();
    Map<String, Tensor> b = new HashMap<>();
    Map<String, Tensor> c = new HashMap<>();
    Map<String, Tensor> inputs = Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 300)));
    try (Program first = backend.compile(chain(3, a), Parameters.of(a));
        Program second = backend.compile(chain(3, b), Parameters.of(b));
        Program third = backend.compile(chain(3, c), Parameters.of(c))) {
      first.run(inputs);
      second.run(inputs);
      first.run(inputs);
      third.run(inputs);
      long brought = space.transferCounts().parameterBytes();
      first.run(inputs);
      assertThat(space.transferCounts().parameterBytes()).as("the first stayed").isEqualTo(brought);
      second.run(inputs);
      assertThat(space.transferCounts().parameterBytes() - brought)
          .as("the second gave way")
          .isEqualTo(720_000 + 3 * 1200);
    }
  }

  @Test
  void releasingAProgramKeepsItsParameters() {
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(1 << 30), 1 << 30);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    Map<String, Tensor> weights = new HashMap<>();
    Map<String, Tensor> inputs =
        Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 300)).asReadOnly());
    try (Program program = backend.compile(chain(2, weights), Parameters.of(weights))) {
      program.run(inputs);
      long brought = space.transferCounts().parameterBytes();
      program.run(inputs);
      assertThat(space.transferCounts().parameterBytes()).isEqualTo(brought);
      program.release();
      program.run(inputs);
      assertThat(space.transferCounts().parameterBytes() - brought)
          .as("the input alone is brought again")
          .isEqualTo(300 * Float.BYTES);
    }
  }

  @Test
  void precisionAndKernelsArePartOfABackendsIdentity() {
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(1 << 20), 1 << 20);
    assertThat(new DeviceBackend(space, Precision.F32, 1).identity())
        .contains("opencl", "a device of tests", "JAVA", "F32")
        .isNotEqualTo(new DeviceBackend(space, Precision.BF16, 1).identity());
  }

  @Test
  void aResultMayLieWhereAnInputDoesThatIsReadLater() {
    FakeDevice device = new FakeDevice(1 << 30);
    Tracer g = new Tracer();
    Value early = g.exp(g.input("x", DType.F32, Shape.of(4)));
    g.output("early", early);
    g.output("y", g.add(early, g.input("late", DType.F32, Shape.of(4))));
    Tensor x = Tensor.allocate(DType.F32, Shape.of(4));
    Tensor both = Tensor.allocate(DType.F32, Shape.of(4));
    both.setDouble(0, 3);
    DeviceSpace space = new DeviceSpace("opencl", device, 1 << 30);
    try (Program program =
        new DeviceBackend(space, Precision.F32, 1).compile(g.graph(), Parameters.of(Map.of()))) {
      program.run(Map.of("x", x, "late", both), Map.of("early", both), RegionListener.NONE);
    }
    assertThat(device.brought).containsExactly(0f, 3f);
    assertThat(both.getDouble(0)).isEqualTo(FakeDevice.FETCHED);
  }

  @Test
  void programsOfOneDeviceShareTheirParameters() {
    DeviceSpace space = new DeviceSpace("opencl", new FakeDevice(1 << 30), 1 << 30);
    DeviceBackend backend = new DeviceBackend(space, Precision.F32, 1);
    Map<String, Tensor> inputs =
        Map.of(
            "x",
            Tensor.allocate(DType.F32, Shape.of(3, 32)),
            "text",
            Tensor.allocate(DType.F32, Shape.of(3, 64)));
    try (Program first = backend.compile(graph(), PARAMETERS);
        Program second = backend.compile(graph(), PARAMETERS)) {
      first.run(inputs);
      long brought = space.transferCounts().parameters();
      second.run(inputs);
      assertThat(space.transferCounts().parameters()).isEqualTo(brought);
    }
  }

  @Test
  void aHalfWeightStaysPacked() {
    FakeDevice device = new FakeDevice(1 << 30);
    DeviceSpace space = new DeviceSpace("opencl", device, 1 << 30);
    Map<String, Tensor> inputs =
        Map.of(
            "x",
            Tensor.allocate(DType.F32, Shape.of(3, 32)),
            "text",
            Tensor.allocate(DType.F32, Shape.of(3, 64)));
    try (Program program =
        new DeviceBackend(space, Precision.F32, 1).compile(graph(), PARAMETERS)) {
      program.run(inputs);
    }
    assertThat(device.launches)
        .extracting(launch -> launch.kernel())
        .contains(DeviceKernel.COPY_WORDS, DeviceKernel.DECODE_HALVES, DeviceKernel.GEMM);
  }
}
