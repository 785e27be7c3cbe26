package org.t3jvm.accel.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Kernels that gather and scatter rows of packed words for NVIDIA's libraries; each thread takes
 * every n-th word, n the number of threads.
 */
public final class PackedRowKernels {
  private PackedRowKernels() {}

  /**
   * {@code y[i] = x[rows[i]]}, row by row. ints: offsets of y, x and rows; 3: rows of y, words of a
   * row.
   */
  public static void gather(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray rows, IntArray y) {
    int words = ints.get(4);
    int count = ints.get(3) * words;
    int yAt = ints.get(0);
    int xAt = ints.get(1);
    int rowsAt = ints.get(2);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int from = (int) rows.get(rowsAt + i / words);
      y.set(yAt + i, x.get(xAt + from * words + i % words));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * {@code y[rows[i]] = x[i]}, row by row. ints: offsets of y, x and rows; 3: rows of x, words of a
   * row.
   */
  public static void scatter(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray rows, IntArray y) {
    int words = ints.get(4);
    int count = ints.get(3) * words;
    int yAt = ints.get(0);
    int xAt = ints.get(1);
    int rowsAt = ints.get(2);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int to = (int) rows.get(rowsAt + i / words);
      y.set(yAt + to * words + i % words, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Patches of x [T, H, W, C] that a convolution takes for some of its positions, in order: {@code
   * y [positions, kt kh kw, C]}, 0 where a patch reaches beyond x. A tap's channels are words.
   *
   * <p>ints: offsets of y and x; 2: first position, positions; 4: x's T, H, W, words of C; 8:
   * result's H, W; 10: kernel t, h, w; 13: strides t, h, w; 16: padding before t, h, w.
   */
  public static void patches(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, IntArray y) {
    int words = ints.get(7);
    int kh = ints.get(11);
    int kw = ints.get(12);
    int patch = ints.get(10) * kh * kw * words;
    int count = ints.get(3) * patch;
    int inT = ints.get(4);
    int inH = ints.get(5);
    int inW = ints.get(6);
    int outH = ints.get(8);
    int outW = ints.get(9);
    int yAt = ints.get(0);
    int xAt = ints.get(1);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int position = ints.get(2) + i / patch;
      int tap = i % patch / words;
      int t = position / (outH * outW) * ints.get(13) - ints.get(16) + tap / (kh * kw);
      int h = position / outW % outH * ints.get(14) - ints.get(17) + tap / kw % kh;
      int w = position % outW * ints.get(15) - ints.get(18) + tap % kw;
      int word = 0;
      if (t >= 0 && t < inT && h >= 0 && h < inH && w >= 0 && w < inW) {
        word = x.get(xAt + ((t * inH + h) * inW + w) * words + i % words);
      }
      y.set(yAt + i, word);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
