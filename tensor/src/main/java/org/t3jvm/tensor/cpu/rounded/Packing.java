package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.machine.TileKind;

/** How numbers become the words that tiles of a kind multiply. */
sealed interface Packing permits PairPacking, BlockPacking {
  static Packing of(TileKind kind) {
    return switch (kind) {
      case BF16 -> new PairPacking();
      case INT8 -> new BlockPacking();
    };
  }

  /**
   * Packs {@code depth} F32 elements of a segment from {@code from} on as a row, {@code to} in
   * bytes.
   *
   * @param scratch as many floats as a unit has steps
   */
  void row(
      MemorySegment source, long from, int depth, MemorySegment target, long to, float[] scratch);

  /**
   * Packs elements {@code [from, from + count)} of a column, {@code from} where a unit starts, to
   * words in the bits of floats. It may overwrite floats up to the last step of the last unit.
   */
  void column(
      Frame frame, WeightColumns weights, int column, int from, int count, float[] x, int at);
}
