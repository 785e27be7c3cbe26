package org.t3jvm.accel.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * The banks a device may have: a small one for small graphs, a middling one, then as large as
 * arrays and the device allow, then smaller ones, so that a budget can be shared out between values
 * and parameters. A bank is allocated when it is first needed, so that those listed may be more
 * than the budget holds together.
 */
public final class BankSizes {
  /** Elements of the largest bank: array indices are ints, and threads step past the end. */
  public static final long LARGEST = (1L << 31) - (1L << 23);

  /** Elements of a large bank of words: what they hold are single weights. */
  private static final long LARGE_WORDS = 3L << 28;

  private static final List<Long> FIRST = List.of(1L << 24, 1L << 28);

  /** What arrays need beside their elements, rounded up generously. */
  private static final long HEADER_ELEMENTS = 1024;

  private static final long SMALL_STAGING = 1 << 14;
  private static final long LARGE_STAGING = 1 << 22;

  /** Bytes that go between host and device at once, at most. */
  public static final long LARGEST_TRANSFER = LARGE_STAGING * Bank.ELEMENT_BYTES;

  private static final long SCRATCH = 1 << 23;

  private BankSizes() {}

  /**
   * The banks of a device: of floats, of words, and those between host and device.
   *
   * @param budget bytes of device memory
   * @param largestAllocation bytes of the device's largest allocation
   */
  public static List<Bank> ofDevice(long budget, long largestAllocation) {
    List<Bank> banks = new ArrayList<>(of(Bank.Kind.FLOATS, budget, largestAllocation));
    banks.addAll(of(Bank.Kind.WORDS, budget, largestAllocation));
    for (Bank.Kind kind : List.of(Bank.Kind.FLOAT_STAGING, Bank.Kind.WORD_STAGING)) {
      banks.add(new Bank(kind, 0, SMALL_STAGING));
      banks.add(new Bank(kind, 1, LARGE_STAGING));
    }
    return List.copyOf(banks);
  }

  /**
   * Banks of a device that multiplies BF16: what its kernels work in, and one that stands for
   * results that are not written.
   */
  public static List<Bank> scratch() {
    return List.of(
        new Bank(Bank.Kind.SCRATCH, 0, SCRATCH),
        new Bank(Bank.Kind.SCRATCH, 1, BankMemory.ALIGNMENT));
  }

  /**
   * Banks of one kind, each at most the budget.
   *
   * @param budget bytes of device memory
   * @param largestAllocation bytes of the device's largest allocation
   */
  public static List<Bank> of(Bank.Kind kind, long budget, long largestAllocation) {
    long most =
        Math.min(
            budget / Bank.ELEMENT_BYTES, largestAllocation / Bank.ELEMENT_BYTES - HEADER_ELEMENTS);
    long large = Math.min(most, kind == Bank.Kind.WORDS ? LARGE_WORDS : LARGEST);
    List<Long> sizes = new ArrayList<>();
    FIRST.forEach(first -> sizes.add(Math.min(first, most / 4)));
    for (long left = budget / Bank.ELEMENT_BYTES; left >= large && large > 0; left -= large) {
      sizes.add(large);
    }
    for (int eighths = 7; eighths >= 1; eighths--) {
      sizes.add(large / 8 * eighths);
    }
    sizes.addAll(List.of(large / 16, large / 32, large / 64));
    List<Bank> banks = new ArrayList<>();
    for (long size : sizes) {
      if (size > 0) {
        banks.add(new Bank(kind, banks.size(), size));
      }
    }
    return List.copyOf(banks);
  }
}
