package org.t3jvm.tensor.cpu.rounded;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.cpu.move.ScaledRows;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.quantize.Q8;

/**
 * Quantises to blocks of int8 by the rule of {@link Q8}. Weights that are such codes are moved as
 * they are; those with other codes or blocks are multiplied out and quantised again.
 */
record BlockPacking() implements Packing {
  private static final int STEPS = TileKind.INT8.steps();
  private static final int WORDS = Blocks.WORDS;
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public void row(
      MemorySegment source, long from, int depth, MemorySegment target, long to, float[] scratch) {
    for (int step = 0; step < depth; step += STEPS) {
      int count = Math.min(STEPS, depth - step);
      FloatCopies.load(source, from + step, count, scratch, 0);
      Arrays.fill(scratch, count, STEPS, 0);
      float scale = Blocks.scale(scratch, 0);
      Blocks.pack(scratch, 0, scale, 0);
      long words = to + (long) (step / STEPS) * TileKind.INT8.rowUnit();
      for (int word = 0; word < WORDS; word += Lanes.COUNT) {
        IntVector codes = FloatVector.fromArray(Lanes.F, scratch, word).reinterpretAsInts();
        Blocks.unsigned(codes)
            .intoMemorySegment(target, words + 4L * word, ByteOrder.LITTLE_ENDIAN);
      }
      target.set(FLOAT, words + 4L * WORDS, scale);
    }
  }

  @Override
  public void column(
      Frame frame, WeightColumns weights, int column, int from, int count, float[] x, int at) {
    @Nullable ScaledRows kept = codes(weights);
    if (kept != null) {
      kept.readCodes(frame, column, from, count, x, at);
    } else {
      weights.read(frame, column, from, count, x, at);
    }
    int blocks = TileKind.INT8.units(count);
    Arrays.fill(x, at + count, at + blocks * STEPS, 0);
    int to = at;
    for (int block = 0; block < blocks; block++) {
      int start = at + block * STEPS;
      float scale;
      // Words take less room than the numbers that they are made of.
      if (kept != null) {
        scale = kept.scale(frame, column, from / STEPS + block);
        Blocks.packCodes(x, start, to);
      } else {
        scale = Blocks.scale(x, start);
        Blocks.pack(x, start, scale, to);
      }
      x[to + WORDS] = Float.intBitsToFloat(-Blocks.OFFSET * Blocks.sum(x, to));
      x[to + WORDS + 1] = scale;
      to += TileKind.INT8.columnWords();
    }
  }

  /** The rows of a weight that is kept as such codes, or null. */
  private static @Nullable ScaledRows codes(WeightColumns weights) {
    ScaledRows scaled = weights.scaled();
    return scaled != null && scaled.isInt8(STEPS) ? scaled : null;
  }
}
