package org.t3jvm.tensor.cpu.machine;

import org.jspecify.annotations.Nullable;

/**
 * An operand in memory: {@code base + index * scale + displacement}.
 *
 * @param index a register other than RSP, or null
 * @param scale 1, 2, 4 or 8
 * @param displacement bytes
 */
record Address(Register base, @Nullable Register index, int scale, int displacement) {
  Address {
    if (index == Register.RSP) {
      throw new IllegalArgumentException("RSP is no index");
    }
    if (scale != 1 && scale != 2 && scale != 4 && scale != 8) {
      throw new IllegalArgumentException("an index is scaled by 1, 2, 4 or 8, not " + scale);
    }
  }

  static Address of(Register base, int displacement) {
    return new Address(base, null, 1, displacement);
  }

  static Address of(Register base, Register index, int scale) {
    return new Address(base, index, scale, 0);
  }

  /** The address so many bytes further on. */
  Address plus(int bytes) {
    return new Address(base, index, scale, Math.addExact(displacement, bytes));
  }
}
