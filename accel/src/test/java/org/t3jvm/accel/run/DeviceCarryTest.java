package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Carry;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.backend.RegionListener;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Where what runs hand on lies. */
class DeviceCarryTest {
  private static final Parameters NONE = Parameters.of(Map.of());
  private static final int SIZE = 10_000;

  private final Map<String, Tensor> x = Map.of("x", Tensor.allocate(DType.F32, Shape.of(SIZE)));
  private final Map<String, Tensor> y = Map.of("y", Tensor.allocate(DType.F32, Shape.of(1)));

  /** The sum of x and the state is the next state; y is its largest element. */
  private static Graph graph(int size) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(size));
    Value sum = g.add(x, g.input("state", DType.F32, Shape.of(size)));
    g.output("y", g.reduce(Op.Reduce.Kind.MAX, sum, 0));
    g.output("state", sum);
    return g.graph();
  }

  private static DeviceBackend backend(FakeDevice device, long budget) {
    return new DeviceBackend(new DeviceSpace("opencl", device, budget), Precision.F32, 1);
  }

  @Test
  void withRoomOnTheDeviceNothingGoesThroughTheHost() {
    DeviceBackend backend = backend(new FakeDevice(1 << 24), 1 << 24);
    try (Program program = backend.compile(graph(SIZE), NONE);
        Carry carry = backend.carry()) {
      carry.run(program, x, y, RegionListener.NONE);
      TransferCounts before = backend.space().transferCounts();
      for (int i = 0; i < 3; i++) {
        carry.run(program, x, y, RegionListener.NONE);
      }
      TransferCounts after = backend.space().transferCounts();
      assertThat(after.inputBytes() - before.inputBytes()).as("brought").isEqualTo(3 * 4 * SIZE);
      assertThat(after.outputBytes() - before.outputBytes()).as("fetched").isEqualTo(3 * 4);
      assertThat(carry.state()).containsOnlyKeys("state");
      assertThat(backend.space().transferCounts().outputBytes() - after.outputBytes())
          .isEqualTo(4 * SIZE);
    }
  }

  @Test
  void withoutRoomItGoesThroughTheHost() {
    // Three values of 40 kB fit, and no fourth.
    long budget = 130_000;
    DeviceBackend backend = backend(new FakeDevice(budget), budget);
    try (Program program = backend.compile(graph(SIZE), NONE);
        Carry carry = backend.carry()) {
      carry.run(program, x, y, RegionListener.NONE);
      TransferCounts before = backend.space().transferCounts();
      carry.run(program, x, y, RegionListener.NONE);
      TransferCounts after = backend.space().transferCounts();
      assertThat(after.inputBytes() - before.inputBytes()).isEqualTo(2 * 4 * SIZE);
      assertThat(after.outputBytes() - before.outputBytes()).isEqualTo(4 * SIZE + 4);
    }
  }

  @Test
  void aProgramThatNeedsTheMemoryGetsIt() {
    long budget = 600_000;
    DeviceBackend backend = backend(new FakeDevice(budget), budget);
    Map<String, Tensor> large = Map.of("x", Tensor.allocate(DType.F32, Shape.of(4 * SIZE)));
    try (Program program = backend.compile(graph(SIZE), NONE);
        Program larger = backend.compile(graph(4 * SIZE), NONE);
        Carry carry = backend.carry();
        Carry other = backend.carry()) {
      carry.run(program, x, y, RegionListener.NONE);
      long before = backend.space().transferCounts().outputBytes();
      other.run(larger, large, y, RegionListener.NONE);
      assertThat(backend.space().transferCounts().outputBytes() - before)
          .as("the state of the first and of the second, and a result")
          .isEqualTo(4 * SIZE + 4 * 4 * SIZE + 4);
      carry.run(program, x, y, RegionListener.NONE);
    }
  }

  @Test
  void afterAFailureThereIsNoStateUntilOneIsRestored() {
    FakeDevice device = new FakeDevice(1 << 24);
    device.failing = DeviceKernel.REDUCE;
    DeviceBackend backend = backend(device, 1 << 24);
    try (Program program = backend.compile(graph(SIZE), NONE);
        Carry carry = backend.carry()) {
      carry.run(program, x, y, RegionListener.NONE);
      device.fails = true;
      assertThatThrownBy(() -> carry.run(program, x, y, RegionListener.NONE))
          .isInstanceOf(BackendException.class);
      device.fails = false;
      assertThatThrownBy(carry::state).isInstanceOf(IllegalStateException.class);
      carry.restore(Map.of("state", Tensor.allocate(DType.F32, Shape.of(SIZE))));
      carry.run(program, x, y, RegionListener.NONE);
    }
  }
}
