package org.t3jvm.accel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Parameters that stay on a device and parameters that do not give the same bits. */
@Tag("process")
class DeviceStreamingTest {
  private static final long SEED = 11;
  private static final int WIDTH = 400;
  private static final List<DType> TYPES = List.of(DType.F32, DType.BF16, DType.F16, DType.I8);

  private final Map<String, Tensor> weights = new HashMap<>();
  private final Graph graph = graph();
  private final Tensor x = random(DType.F32, Shape.of(5, WIDTH), new Random(SEED));

  private Graph graph() {
    Random random = new Random(SEED);
    Tracer g = new Tracer();
    Value y = g.input("x", DType.F32, Shape.of(5, WIDTH));
    weights.put("scale", random(DType.F32, Shape.of(1, 1), random));
    Value scale = g.parameter("scale", DType.F32, Shape.of(1, 1));
    for (int i = 0; i < 8; i++) {
      DType type = TYPES.get(i % TYPES.size());
      Shape shape = Shape.of(WIDTH, WIDTH);
      Tensor tensor = random(type, shape, random);
      weights.put("weight" + i, tensor);
      Value weight = g.parameter("weight" + i, type, shape);
      Value values = type == DType.I8 ? g.scaled(weight, scale, WIDTH) : weight;
      y = g.rmsNorm(g.linear(y, values, null), null, 1e-6f);
    }
    g.output("y", y);
    return g.graph();
  }

  private static Tensor random(DType type, Shape shape, Random random) {
    Tensor tensor = Tensor.allocate(type, shape);
    for (long i = 0; i < shape.elements(); i++) {
      tensor.setDouble(i, type == DType.I8 ? random.nextInt(255) - 127 : random.nextGaussian());
    }
    return tensor;
  }

  @TestFactory
  Stream<DynamicTest> resultsAreTheSameBitsWhateverStays() {
    List<TestDevices> devices = TestDevices.usable();
    Assumptions.assumeFalse(devices.isEmpty(), "no device can start");
    return devices.stream()
        .map(provider -> DynamicTest.dynamicTest(provider.toString(), () -> compare(provider)));
  }

  private void compare(TestDevices provider) {
    List<Tensor> all = run(provider, 64_000_000, true);
    for (long budget : List.of(3_500_000L, 2_500_000L)) {
      List<Tensor> some = run(provider, budget, false);
      for (int i = 0; i < all.size(); i++) {
        assertThat(some.get(i).segment().mismatch(all.get(i).segment()))
            .as("seed %d, run %d in %d bytes: first different byte", SEED, i, budget)
            .isEqualTo(-1);
      }
    }
  }

  private List<Tensor> run(TestDevices provider, long budget, boolean allStay) {
    try (Backend backend = provider.open(new BackendOptions(1, 0, budget));
        Program program = backend.compile(graph, Parameters.of(weights))) {
      assertThat(program.memoryPlan().streamed() == 0)
          .as("all stay in %d bytes", budget)
          .isEqualTo(allStay);
      return Stream.of(1, 2)
          .map(run -> Objects.requireNonNull(program.run(Map.of("x", x)).get("y")))
          .toList();
    }
  }
}
