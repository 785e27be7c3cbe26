package org.t3jvm.model.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.quantize.WeightRows;
import org.t3jvm.tensor.random.TorchRandom;

/** Errors are summed on the threads that are asked for. */
class TensorErrorTest {
  private static final long SEED = 8;

  /** Only the thread that made a confined tensor may read it. */
  @Test
  void oneThreadComparesAlone() {
    Shape shape = Shape.of(9, 1 << 17);
    Tensor expected = new TorchRandom(SEED).randn(shape);
    try (Arena confined = Arena.ofConfined()) {
      Tensor actual = Tensor.allocate(confined, DType.F32, shape);
      TensorError alone = TensorError.of(WeightRows.of(actual), WeightRows.of(expected), 1);
      Tensor zeros = Tensor.allocate(DType.F32, shape);
      assertThat(alone)
          .as("seed %d", SEED)
          .isEqualTo(TensorError.of(WeightRows.of(zeros), WeightRows.of(expected), 4));
      assertThat(alone.relativeRms()).isEqualTo(1);
    }
  }
}
