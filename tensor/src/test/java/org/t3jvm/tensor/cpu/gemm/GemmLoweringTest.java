package org.t3jvm.tensor.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Tracer;

/** Products that are too large for the op matrix, on whole numbers, which F32 sums exactly. */
class GemmLoweringTest {
  /** A weight of more than the 64 MiB that are packed at once. */
  @Test
  void columnsBeyondThePackedMemory() {
    int rows = 241;
    int inner = 8209;
    int columns = 2111;
    Tensor x = Tensor.allocate(DType.F32, Shape.of(rows, inner));
    Tensor weight = Tensor.allocate(DType.BF16, Shape.of(columns, inner));
    Tensor bias = Tensor.allocate(DType.F32, Shape.of(columns));
    double[] sums = new double[rows];
    for (int row = 0; row < rows; row++) {
      for (int k = 0; k < inner; k++) {
        x.setDouble((long) row * inner + k, (row + 3 * k) % 7);
        sums[row] += (row + 3 * k) % 7 * alongInner(k);
      }
    }
    for (int column = 0; column < columns; column++) {
      bias.setDouble(column, column % 11);
      for (int k = 0; k < inner; k++) {
        weight.setDouble((long) column * inner + k, alongColumns(column) * alongInner(k));
      }
    }
    Tensor y = linear(x, weight, bias);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        assertThat(y.getDouble((long) row * columns + column))
            .as("row %d, column %d", row, column)
            .isEqualTo(sums[row] * alongColumns(column) + column % 11);
      }
    }
  }

  private static double alongInner(int k) {
    return k % 5 - 2;
  }

  private static double alongColumns(int column) {
    return column % 13 - 6;
  }

  private static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.linear(
            g.input("x", x.dtype(), x.shape()),
            g.parameter("weight", weight.dtype(), weight.shape()),
            g.parameter("bias", bias.dtype(), bias.shape())));
    Parameters parameters = Parameters.of(Map.of("weight", weight, "bias", bias));
    try (Backend backend = Backends.named("cpu").open(new BackendOptions(3));
        Program program = backend.compile(g.graph(), parameters)) {
      return Objects.requireNonNull(program.run(Map.of("x", x)).get("y"));
    }
  }
}
