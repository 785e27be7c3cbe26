package org.t3jvm.accel.memory;

/**
 * One allocation of device memory of 4-byte elements. Device memory is few large banks and not one
 * buffer a tensor, since a kernel is bound to its buffers when it is compiled.
 *
 * @param kind what its elements are
 * @param index number among the banks of its kind
 * @param elements size
 */
public record Bank(Kind kind, int index, long elements) {
  /** Bytes of one element. */
  public static final long ELEMENT_BYTES = 4;

  /** What a bank holds. */
  public enum Kind {
    /** F32 elements. */
    FLOATS,
    /** Words of packed elements: two half floats or four bytes each. */
    WORDS,
    /** F32 elements that a kernel uses while it runs. */
    SCRATCH,
    /** F32 elements on the way between host and device. */
    FLOAT_STAGING,
    /** Words on the way to the device. */
    WORD_STAGING;

    /** True for banks that have a copy on the host, transferred whenever a kernel uses them. */
    public boolean isStaging() {
      return this == FLOAT_STAGING || this == WORD_STAGING;
    }
  }

  /** Size in bytes. */
  public long bytes() {
    return elements * ELEMENT_BYTES;
  }
}
