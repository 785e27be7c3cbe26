package org.t3jvm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShapeTest {
  private static final Shape SHAPE = Shape.of(2, 3, 64);

  @Test
  void axesCountFromEitherEnd() {
    assertThat(SHAPE.rank()).isEqualTo(3);
    assertThat(SHAPE.dim(0)).isEqualTo(2);
    assertThat(SHAPE.dim(-1)).isEqualTo(64);
    assertThat(SHAPE.dim(-3)).isEqualTo(2);
    assertThat(SHAPE.intDim(1)).isEqualTo(3);
    assertThat(SHAPE.axis(-2)).isEqualTo(1);
  }

  @Test
  void anAxisThatIsNotThereIsNamed() {
    for (int axis : new int[] {3, -4}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> SHAPE.dim(axis))
          .withMessage("shape [2, 3, 64] has no axis " + axis);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> Shape.of().dim(0));
  }

  @Test
  void countsElements() {
    assertThat(SHAPE.elements()).isEqualTo(384);
    assertThat(Shape.of().elements()).isEqualTo(1);
    assertThat(Shape.of(5, 0, 7).elements()).isZero();
    assertThat(Shape.of(1L << 20, 1L << 20, 1 << 20).elements()).isEqualTo(1L << 60);
  }

  @Test
  void emptyShapesMayHaveAnyOtherExtents() {
    assertThat(Shape.of(Long.MAX_VALUE, Long.MAX_VALUE, 0).elements()).isZero();
    assertThat(Shape.of(0, Long.MAX_VALUE, Long.MAX_VALUE).elements()).isZero();
  }

  @Test
  void rejectsNegativeExtentsAndTooManyElements() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(2, -1))
        .withMessage("shape [2, -1] has a negative extent");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(0, -1))
        .withMessageContaining("negative extent");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Shape.of(1L << 32, 1L << 31))
        .withMessage("shape [4294967296, 2147483648] has more than 2^63-1 elements");
  }

  @Test
  void intDimFailsBeyondInt() {
    assertThatThrownBy(() -> Shape.of(1L << 31).intDim(0)).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void outerAndInnerSplitTheElementsAtAnAxis() {
    assertThat(SHAPE.outer(0)).isEqualTo(1);
    assertThat(SHAPE.inner(0)).isEqualTo(192);
    assertThat(SHAPE.outer(1)).isEqualTo(2);
    assertThat(SHAPE.inner(1)).isEqualTo(64);
    assertThat(SHAPE.outer(2)).isEqualTo(6);
    assertThat(SHAPE.inner(2)).isEqualTo(1);
  }

  @Test
  void stridesAreRowMajor() {
    assertThat(SHAPE.strides()).containsExactly(192, 64, 1);
    assertThat(Shape.of().strides()).isEmpty();
  }

  @Test
  void withReplacesOneExtent() {
    assertThat(SHAPE.with(1, 5)).isEqualTo(Shape.of(2, 5, 64));
    assertThat(SHAPE.with(-1, 0)).isEqualTo(Shape.of(2, 3, 0));
    assertThat(SHAPE).isEqualTo(Shape.of(2, 3, 64));
  }

  @Test
  void equalityIsByExtents() {
    assertThat(Shape.of(2, 3)).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(Shape.of(2, 3)).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(6));
    assertThat(Shape.of(1)).isNotEqualTo(Shape.of());
    assertThat(SHAPE).hasToString("[2, 3, 64]");
  }

  @Test
  void doesNotShareItsArrays() {
    long[] dims = {2, 3};
    Shape shape = Shape.of(dims);
    dims[0] = 7;
    shape.dims()[1] = 7;
    assertThat(shape).isEqualTo(Shape.of(2, 3));
  }
}
