package org.t3jvm.tensor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.t3jvm.tensor.TensorAssert.assertThatTensor;

import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** The reference's ops that move elements or convert them. */
class ReferenceShapesTest {
  private final ReferenceRun run = new ReferenceRun();
  private final Tracer g = run.g;

  /** Elements 0, 1, 2, ... */
  private static Tensor counting(DType dtype, long... dims) {
    Tensor tensor = Tensor.allocate(dtype, Shape.of(dims));
    for (long i = 0; i < tensor.shape().elements(); i++) {
      tensor.setDouble(i, i);
    }
    return tensor;
  }

  @Test
  void permuteOfAMatrixTransposes() {
    Tensor y = run.run(g.permute(run.of(counting(DType.BF16, 2, 3)), 1, 0));
    assertThat(y.dtype()).isEqualTo(DType.BF16);
    assertThatTensor(y).hasElements(0, 0, 3, 1, 4, 2, 5);
  }

  /** Result axis i is x's axis axes[i], not the other way round. */
  @Test
  void permuteOfThreeAxes() {
    Tensor y = run.run(g.permute(run.of(counting(DType.F32, 2, 3, 4)), 2, 0, 1));
    assertThat(y.shape()).isEqualTo(Shape.of(4, 2, 3));
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 3; b++) {
        for (int c = 0; c < 4; c++) {
          assertThat(y.getDouble((c * 2 + a) * 3 + b)).isEqualTo((a * 3 + b) * 4 + c);
        }
      }
    }
  }

  @Test
  void sliceAlongEveryAxis() {
    Value x = run.of(counting(DType.I64, 2, 3, 2));
    Value first = g.reshape(g.slice(x, 0, 1, 1), 6);
    Value second = g.reshape(g.slice(x, 1, 1, 2), 8);
    Value third = g.reshape(g.slice(x, -1, 1, 1), 6);
    assertThat(run.run(g.concat(0, first, second, third)).toLongs())
        .containsExactly(6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 8, 9, 10, 11, 1, 3, 5, 7, 9, 11);
  }

  @Test
  void concatAlongAnInnerAxis() {
    Value x = run.of(Shape.of(2, 2), 1, 2, 3, 4);
    Value y = run.of(Shape.of(2, 1), 10, 20);
    Value none = g.slice(x, 1, 0, 0);
    assertThatTensor(run.run(g.concat(1, x, none, y, x)))
        .hasElements(0, 1, 2, 10, 1, 2, 3, 4, 20, 3, 4);
  }

  @Test
  void upsampleRepeatsRowsAndColumns() {
    Value x = run.of(Shape.of(1, 2, 1, 2), 1, 2, 3, 4);
    Tensor y = run.run(g.upsample(x, 2));
    assertThat(y.shape()).isEqualTo(Shape.of(1, 4, 2, 2));
    assertThatTensor(y).hasElements(0, 1, 2, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 3, 4);
  }

  @Test
  void reshapeKeepsTheOrder() {
    Tensor y = run.run(g.reshape(run.of(counting(DType.U8, 2, 3)), 3, 1, 2));
    assertThat(y.shape()).isEqualTo(Shape.of(3, 1, 2));
    assertThat(y.toLongs()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void castRoundsToTheTargetsElements() {
    Value x = run.of(Shape.of(4), 0.1, -2.7, 300, 1.5);
    Value half = g.cast(g.cast(x, DType.BF16), DType.F32);
    Value whole = g.cast(g.cast(x, DType.I32), DType.F32);
    assertThatTensor(run.run(g.concat(0, half, whole)))
        .hasElements(0, 0.10009765625, -2.703125, 300, 1.5, 0, -2, 300, 1);
  }
}
