package org.t3jvm.accel.drivers;

import java.util.Map;
import org.t3jvm.accel.device.Device;
import org.t3jvm.accel.run.DeviceBackend;
import org.t3jvm.accel.run.DeviceSpace;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** What a device reaches in products of square F32 matrices, in about a second. */
final class ProductRate {
  private static final int SMALLEST = 256;
  private static final int LARGEST = 4096;
  private static final int PRODUCTS = 4;

  /** A run of this many seconds is long enough that nothing but the products counts. */
  private static final double LONG_ENOUGH = 0.15;

  private ProductRate() {}

  /**
   * Floating-point operations a second.
   *
   * @param budget bytes of its memory that may be used
   */
  static double of(Device device, long budget) {
    try (Backend backend =
        new DeviceBackend(new DeviceSpace("product", device, budget), Precision.F32, 1)) {
      for (int size = SMALLEST; ; size *= 2) {
        double seconds = seconds(backend, size);
        if (seconds > LONG_ENOUGH || size == LARGEST) {
          return 2.0 * PRODUCTS * size * size * size / seconds;
        }
      }
    }
  }

  /** The faster of two runs after one that compiles and sends the matrices. */
  private static double seconds(Backend backend, int size) {
    Shape shape = Shape.of(size, size);
    Parameters matrices =
        Parameters.of(
            Map.of("a", Tensor.allocate(DType.F32, shape), "b", Tensor.allocate(DType.F32, shape)));
    try (Program program = backend.compile(graph(shape), matrices)) {
      program.run(Map.of());
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < 2; i++) {
        long start = System.nanoTime();
        program.run(Map.of());
        best = Math.min(best, (System.nanoTime() - start) / 1e9);
      }
      return best;
    }
  }

  private static Graph graph(Shape shape) {
    Tracer g = new Tracer();
    Value y = g.parameter("a", DType.F32, shape);
    Value b = g.parameter("b", DType.F32, shape);
    for (int i = 0; i < PRODUCTS; i++) {
      y = g.linear(y, b, null);
    }
    g.output("y", g.reduce(Op.Reduce.Kind.MEAN, y, 0));
    return g.graph();
  }
}
