package org.t3jvm.accel.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The banks a device may have: a small one for small graphs, a middling one, then as large as
 * arrays and the device allow. A bank is allocated when it is first needed.
 */
public final class BankSizes {
  /** Elements of the largest bank: array indices are ints, and threads step past the end. */
  public static final long LARGEST = (1L << 31) - (1L << 23);

  private static final List<Long> FIRST = List.of(1L << 24, 1L << 28);

  private BankSizes() {}

  /**
   * Banks of one kind whose sum is the budget at most.
   *
   * @param budget bytes of device memory
   * @param largestAllocation bytes of the device's largest allocation
   */
  public static List<Bank> of(Bank.Kind kind, long budget, long largestAllocation) {
    long largest = Math.min(LARGEST, largestAllocation / Bank.ELEMENT_BYTES - HEADER_ELEMENTS);
    long left = budget / Bank.ELEMENT_BYTES;
    List<Bank> banks = new ArrayList<>();
    while (left > 0 && largest > 0) {
      long wished = banks.size() < FIRST.size() ? FIRST.get(banks.size()) : largest;
      long size = Math.min(left, Math.min(wished, largest));
      banks.add(new Bank(kind, banks.size(), size));
      left -= size;
    }
    return List.copyOf(banks);
  }

  /** What arrays need beside their elements, rounded up generously. */
  private static final long HEADER_ELEMENTS = 1024;
}
