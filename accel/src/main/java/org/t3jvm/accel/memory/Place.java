package org.t3jvm.accel.memory;

/**
 * Elements of a bank.
 *
 * @param bank where
 * @param offset the first element
 * @param elements how many, at least 1
 */
public record Place(Bank bank, long offset, long elements) {
  /** The first element after it. */
  public long end() {
    return offset + elements;
  }

  /** Whether both are of one bank and share an element. */
  public boolean meets(Place other) {
    return bank.equals(other.bank) && offset < other.end() && other.offset < end();
  }

  /** The smallest place that holds both, which are of one bank. */
  public static Place around(Place a, Place b) {
    long start = Math.min(a.offset, b.offset);
    return new Place(a.bank, start, Math.max(a.end(), b.end()) - start);
  }

  /** The offset as kernels take it. */
  public int intOffset() {
    return Math.toIntExact(offset);
  }

  /** Elements from {@code start} on. */
  public Place slice(long start, long length) {
    return new Place(bank, offset + start, length);
  }
}
