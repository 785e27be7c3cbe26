package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.MoveSlots.Copy;
import org.t3jvm.accel.slots.MoveSlots.Rows;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Arithmetic on packed BF16; a thread takes every n-th word. */
public final class ConvertKernels {
  private ConvertKernels() {}

  /** Rounds. ints: {@link Copy}. */
  public static void roundToBf16(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, IntArray y) {
    int count = ints.get(Copy.COUNT);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < (count + 1) / 2; i += threads) {
      int at = ints.get(Copy.X) + 2 * i;
      float high = 0;
      if (2 * i + 1 < count) {
        high = x.get(at + 1);
      }
      y.set(ints.get(Copy.Y) + i, Bf16.word(x.get(at), high, c.localIdz));
    }
    Ticket.stamp(c.globalIdx, ints);
  }

  /** Widens. ints: {@link Copy}. */
  public static void widenBf16(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray y) {
    int count = ints.get(Copy.COUNT);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < (count + 1) / 2; i += threads) {
      int word = x.get(ints.get(Copy.X) + i);
      int at = ints.get(Copy.Y) + 2 * i;
      y.set(at, Bf16.low(word));
      if (2 * i + 1 < count) {
        y.set(at + 1, Bf16.high(word));
      }
    }
    Ticket.stamp(c.globalIdx, ints);
  }

  /** {@code y[rows[i]] = (y[rows[i]] + x[i]) / 2}, row by row. ints: {@link Rows}. */
  public static void averageRows(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray rows, IntArray y) {
    int words = ints.get(Rows.WORDS);
    int count = ints.get(Rows.COUNT) * words;
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int row = (int) rows.get(ints.get(Rows.ROWS) + i / words);
      int at = ints.get(Rows.Y) + row * words + i % words;
      int one = y.get(at);
      int other = x.get(ints.get(Rows.X) + i);
      float low = (Bf16.low(one) + Bf16.low(other)) * 0.5f;
      float high = (Bf16.high(one) + Bf16.high(other)) * 0.5f;
      y.set(at, Bf16.word(low, high, c.localIdz));
    }
    Ticket.stamp(c.globalIdx, ints);
  }
}
