package org.t3jvm.accel.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Between F32 and packed BF16; a thread takes every n-th word. */
public final class ConvertKernels {
  private ConvertKernels() {}

  /** Rounds. ints: offsets of y and x; 2: elements. */
  public static void roundToBf16(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, IntArray y) {
    int count = ints.get(2);
    for (int i = c.globalIdx; i < (count + 1) / 2; i += c.globalGroupSizeX) {
      int at = ints.get(1) + 2 * i;
      float high = 0;
      if (2 * i + 1 < count) {
        high = x.get(at + 1);
      }
      y.set(ints.get(0) + i, Bf16.word(x.get(at), high, c.localIdz));
    }
    Ticket.stamp(c.globalIdx, ints);
  }

  /** Widens. ints: offsets of y and x; 2: elements. */
  public static void widenBf16(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray y) {
    int count = ints.get(2);
    for (int i = c.globalIdx; i < (count + 1) / 2; i += c.globalGroupSizeX) {
      int word = x.get(ints.get(1) + i);
      int at = ints.get(0) + 2 * i;
      y.set(at, Bf16.low(word));
      if (2 * i + 1 < count) {
        y.set(at + 1, Bf16.high(word));
      }
    }
    Ticket.stamp(c.globalIdx, ints);
  }
}
