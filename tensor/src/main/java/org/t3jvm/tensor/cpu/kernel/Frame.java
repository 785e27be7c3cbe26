package org.t3jvm.tensor.cpu.kernel;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.graph.Value;

/** Where the values of one run lie in memory. */
public interface Frame {
  /** Exactly the bytes of a value, row-major, native little-endian; parameters may be unaligned. */
  MemorySegment segment(Value value);

  /**
   * The op's temporary buffer, 64-byte aligned, of the size that its {@link LoweredOp} asked for.
   */
  MemorySegment temporary();
}
