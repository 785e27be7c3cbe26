package org.t3jvm.accel.kernels;

import org.t3jvm.accel.slots.RowSlots.Lengths;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The longest rows of heads, which bound the scores of an attention. */
public final class LengthKernel {
  private LengthKernel() {}

  /**
   * The largest sum of squares of {@code x [rows, heads * d]} packed as BF16, by head, over the
   * rows that a work group takes: {@code y [groups, 2, heads]}, of which this writes one of the
   * two. Work groups are of 64 threads; a thread takes one head after the other.
   *
   * <p>ints: {@link Lengths}.
   */
  public static void lengths(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray y) {
    float[] found = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int heads = ints.get(Lengths.HEADS);
    int words = ints.get(Lengths.HEAD_DIM) / 2;
    for (int head = 0; head < heads; head++) {
      float longest = 0;
      for (int row = c.groupIdx * 64 + tid;
          row < ints.get(Lengths.ROWS);
          row += ints.get(Lengths.GROUPS) * 64) {
        int at = ints.get(Lengths.X) + (row * heads + head) * words;
        float sum = 0;
        for (int i = 0; i < words; i++) {
          int word = x.get(at + i);
          float low = Bf16.low(word);
          float high = Bf16.high(word);
          sum += low * low + high * high;
        }
        longest = Math.max(longest, sum);
      }
      found[tid] = longest;
      c.localBarrier();
      for (int step = 32; step > 0; step /= 2) {
        if (tid < step) {
          found[tid] = Math.max(found[tid], found[tid + step]);
        }
        c.localBarrier();
      }
      if (tid == 0) {
        y.set(
            ints.get(Lengths.Y) + (2 * c.groupIdx + ints.get(Lengths.WHICH)) * heads + head,
            found[0]);
      }
      c.localBarrier();
    }
    Ticket.stamp(c.globalIdx, ints);
  }
}
