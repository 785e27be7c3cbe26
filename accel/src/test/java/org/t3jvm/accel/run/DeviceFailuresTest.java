package org.t3jvm.accel.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.t3jvm.accel.lower.DeviceKernel;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The message of a device's failure, and that nothing is computed in its place. */
class DeviceFailuresTest {
  private static final Parameters NONE = Parameters.of(Map.of());

  private final FakeDevice device = new FakeDevice(1 << 20);

  private Backend backend() {
    return new DeviceBackend(new DeviceSpace("opencl", device, 1 << 20), Precision.F32, 1);
  }

  private static Tensor ones(long... dims) {
    return Tensor.allocate(DType.F32, Shape.of(dims));
  }

  @Test
  void aFailingKernelNamesTheOpAndItsSizes() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(5, 7));
    g.output("y", g.softmax(x));
    device.fails = true;
    try (Program program = backend().compile(g.graph(), NONE)) {
      assertThatThrownBy(() -> program.run(Map.of("x", ones(5, 7))))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith(
              "backend 'opencl' failed at softmax#1 F32 [5, 7] of x F32 [5, 7]: kernel softmax of")
          .hasMessageEndingWith("out of resources")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void aFailureFoundLaterNamesTheOpAllTheSame() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(5, 7));
    g.output("y", g.exp(g.exp(g.softmax(x))));
    device.fails = true;
    device.failsLater = true;
    try (Program program = backend().compile(g.graph(), NONE)) {
      assertThatThrownBy(() -> program.run(Map.of("x", ones(5, 7))))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith(
              "backend 'opencl' failed at softmax#1 F32 [5, 7] of x F32 [5, 7]: kernel softmax of")
          .hasMessageEndingWith("out of resources");
    }
  }

  @Test
  void aDeviceThatTakesNoParametersNamesTheirSize() {
    Tracer g = new Tracer();
    Value weight = g.parameter("weight", DType.BF16, Shape.of(64, 32));
    g.output("y", g.linear(g.input("x", DType.F32, Shape.of(1, 32)), weight, null));
    FakeDevice device = new FakeDevice(1 << 30);
    device.failing = DeviceKernel.COPY_WORDS;
    device.fails = true;
    Backend backend =
        new DeviceBackend(new DeviceSpace("opencl", device, 1 << 30), Precision.F32, 1);
    Parameters parameters =
        Parameters.of(Map.of("weight", Tensor.allocate(DType.BF16, Shape.of(64, 32))));
    try (Program program = backend.compile(g.graph(), parameters)) {
      assertThatThrownBy(() -> program.run(Map.of("x", ones(1, 32))))
          .isInstanceOf(BackendException.class)
          .hasMessageStartingWith("backend 'opencl' failed while sending ")
          .hasMessageContaining("a device of tests")
          .hasMessageEndingWith("out of resources");
    }
  }

  @Test
  void aGraphThatDoesNotFitNamesItsSizesAndItsLargestValue() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1000, 300));
    g.output("y", g.softmax(x));
    try (Program program = backend().compile(g.graph(), NONE)) {
      assertThatThrownBy(() -> program.run(Map.of("x", ones(1000, 300))))
          .isInstanceOf(BackendException.class)
          .hasMessage(
              "backend 'opencl': the graph needs 2.3 MiB for values and 0.0 MiB for parameters,"
                  + " more than fits the 1.0 MiB of device memory it may use; its largest value is"
                  + " x F32 [1000, 300]");
    }
    assertThat(device.launches).isEmpty();
  }

  @Test
  void aValueThatNoBankHoldsIsNamed() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1 << 16, 1 << 15));
    g.output("y", g.reduce(Op.Reduce.Kind.SUM, x, 0));
    assertThatThrownBy(() -> backend().compile(g.graph(), NONE))
        .isInstanceOf(BackendException.class)
        .hasMessage(
            "backend 'opencl' holds at most 2139095040 elements of a value that an op takes as a"
                + " whole, not x F32 [65536, 32768]");
  }

  /** The lookup of a parameter stands for another thread that closes the backend meanwhile. */
  @Test
  void aBackendThatIsClosedMeanwhileLeavesNoProgram() {
    Tracer g = new Tracer();
    g.output("y", g.exp(g.parameter("x", DType.F32, Shape.of(3))));
    Backend backend = backend();
    Parameters closing =
        name -> {
          backend.close();
          return ones(3);
        };
    assertThatThrownBy(() -> backend.compile(g.graph(), closing))
        .isInstanceOf(BackendException.class)
        .hasMessage("backend 'opencl' is closed");
  }

  @Test
  void wholeNumbersThatF32CannotHoldAreRefused() {
    Tracer g = new Tracer();
    Value table = g.input("table", DType.F32, Shape.of(3, 2));
    g.output("y", g.embedding(table, g.input("ids", DType.I64, Shape.of(1))));
    try (Program program = backend().compile(g.graph(), NONE)) {
      Map<String, Tensor> inputs =
          Map.of("table", ones(3, 2), "ids", Tensor.ofLongs(Shape.of(1), (1L << 24) + 1));
      assertThatThrownBy(() -> program.run(inputs))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("input ids I64 [1]")
          .hasMessageContaining("holds 16777217");
    }
  }
}
