package org.t3jvm.accel.slots;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.t3jvm.accel.slots.ElementwiseSlots.Binary;
import org.t3jvm.accel.slots.RowSlots.Softmax;

/** A launch fills each slot of its kernel once, and no other. */
class NumbersTest {
  private static Numbers softmax() {
    return new Numbers().set(Softmax.Y, 3).set(Softmax.X, 5).set(Softmax.WIDTH, 7);
  }

  @Test
  void numbersLieInTheirSlots() {
    assertThat(softmax().table(Softmax.class)).containsExactly(3, 5, 7);
  }

  @Test
  void theSameSlotTwiceIsRefused() {
    assertThatThrownBy(() -> softmax().set(Softmax.X, 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slot 1 is filled twice");
  }

  @Test
  void anEmptySlotIsNamed() {
    Numbers numbers = new Numbers().set(Softmax.Y, 3).set(Softmax.WIDTH, 7);
    assertThatThrownBy(() -> numbers.table(Softmax.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slot X of Softmax is not filled");
  }

  @Test
  void aSlotOfAnotherKernelIsRefused() {
    assertThatThrownBy(() -> softmax().set(RowSlots.Norm.HAS_BIAS, true).table(Softmax.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Softmax has no slot 7, it has {0=Y, 1=X, 2=WIDTH}");
  }

  @Test
  void axesFollowTheOthers() {
    Numbers numbers = new Numbers().from(Binary.Y, 10, 11, 12, 13, 14).set(Binary.AXES, 0);
    assertThat(numbers.table(Binary.class)).containsExactly(10, 11, 12, 13, 14, 0);
    numbers.from(Binary.AXIS, 4, 1, 0);
    assertThat(numbers.table(Binary.class)).containsExactly(10, 11, 12, 13, 14, 0, 4, 1, 0);
  }
}
