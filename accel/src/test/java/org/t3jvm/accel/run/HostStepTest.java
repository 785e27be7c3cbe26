package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Ops that a device has no kernels for, computed on the host within its runs. */
class HostStepTest {
  private static final Tensor X = Tensor.ofFloats(Shape.of(3), 0, 2, 0.5f);
  private static final Tensor DY = Tensor.ofFloats(Shape.of(3), 5, 6, 8);

  private final FakeDevice device = new FakeDevice(1 << 20);
  private final DeviceBackend backend =
      new DeviceBackend(new DeviceSpace("opencl", device, 1 << 20), Precision.F32, 1);

  /** The second op reads what the device, which computes nothing, gives for the first one. */
  private static Graph graph() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3));
    Value dy = g.input("dy", DType.F32, Shape.of(3));
    Value first = g.append(new GradientOp.ClampGrad(x, -1, 1, dy));
    g.output("y", g.append(new GradientOp.ClampGrad(x, -1, 1, g.exp(first))));
    return g.graph();
  }

  @Test
  void operandsAreFetchedAndTheResultIsSent() {
    try (Program program = backend.compile(graph(), Parameters.of(Map.of()))) {
      program.run(Map.of("x", X, "dy", DY));
    }
    assertThat(device.brought.subList(2, device.brought.size()))
        .as("after x and dy the first result, and the second one, of what was fetched")
        .containsExactly(5f, FakeDevice.FETCHED);
  }

  @Test
  void theHostsMemoryIsPlanned() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(3));
    g.output("y", g.exp(x));
    long without = backend.plan(g.graph()).orElseThrow().scratch();
    long with = backend.plan(graph()).orElseThrow().scratch();
    assertThat(with - without).as("two operands and a result at least").isBetween(36L, 1L << 20);
  }
}
