package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.MoveSlots.Patches;
import org.t3jvm.accel.slots.MoveSlots.Rows;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that gather and scatter rows of packed words for NVIDIA's libraries; each thread takes
 * every n-th word, n the number of threads.
 */
public final class PackedRowKernels {
  private PackedRowKernels() {}

  /** {@code y[i] = x[rows[i]]}, row by row. ints: {@link Rows}. */
  public static void gather(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray rows, IntArray y) {
    int words = ints.get(Rows.WORDS);
    int count = ints.get(Rows.COUNT) * words;
    int yAt = ints.get(Rows.Y);
    int xAt = ints.get(Rows.X);
    int rowsAt = ints.get(Rows.ROWS);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int from = (int) rows.get(rowsAt + i / words);
      y.set(yAt + i, x.get(xAt + from * words + i % words));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[rows[i]] = x[i]}, row by row. ints: {@link Rows}. */
  public static void scatter(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray rows, IntArray y) {
    int words = ints.get(Rows.WORDS);
    int count = ints.get(Rows.COUNT) * words;
    int yAt = ints.get(Rows.Y);
    int xAt = ints.get(Rows.X);
    int rowsAt = ints.get(Rows.ROWS);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int to = (int) rows.get(rowsAt + i / words);
      y.set(yAt + to * words + i % words, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Patches of x [T, H, W, C] that a convolution takes for some of its positions, in order: {@code
   * y [positions, kt kh kw, C]}, 0 where a patch reaches beyond x. A tap's channels are words.
   *
   * <p>ints: {@link Patches}.
   */
  public static void patches(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, IntArray y) {
    int words = ints.get(Patches.WORDS);
    int kh = ints.get(Patches.KERNEL_H);
    int kw = ints.get(Patches.KERNEL_W);
    int patch = ints.get(Patches.KERNEL_T) * kh * kw * words;
    int count = ints.get(Patches.POSITIONS) * patch;
    int inT = ints.get(Patches.IN_T);
    int inH = ints.get(Patches.IN_H);
    int inW = ints.get(Patches.IN_W);
    int outH = ints.get(Patches.OUT_H);
    int outW = ints.get(Patches.OUT_W);
    int yAt = ints.get(Patches.Y);
    int xAt = ints.get(Patches.X);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int position = ints.get(Patches.FIRST) + i / patch;
      int tap = i % patch / words;
      int t =
          position / (outH * outW) * ints.get(Patches.STRIDE_T)
              - ints.get(Patches.PAD_T)
              + tap / (kh * kw);
      int h =
          position / outW % outH * ints.get(Patches.STRIDE_H)
              - ints.get(Patches.PAD_H)
              + tap / kw % kh;
      int w = position % outW * ints.get(Patches.STRIDE_W) - ints.get(Patches.PAD_W) + tap % kw;
      int word = 0;
      if (t >= 0 && t < inT && h >= 0 && h < inH && w >= 0 && w < inW) {
        word = x.get(xAt + ((t * inH + h) * inW + w) * words + i % words);
      }
      y.set(yAt + i, word);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
