package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.MoveSlots.Copy;
import org.t3jvm.accel.slots.MoveSlots.CopyStrided;
import org.t3jvm.accel.slots.MoveSlots.DecodeHalves;
import org.t3jvm.accel.slots.MoveSlots.Embedding;
import org.t3jvm.accel.slots.MoveSlots.EmbeddingOfHalves;
import org.t3jvm.accel.slots.MoveSlots.ScaleBlocks;
import org.t3jvm.accel.slots.MoveSlots.Touch;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that move elements; each thread takes every n-th of them, n the number of threads. */
public final class MoveKernels {
  private MoveKernels() {}

  /** Writes element 0 if the ints say so; this allocates a bank, which must be written to. */
  public static void touch(KernelContext c, IntArray ints, FloatArray floats, FloatArray y) {
    if (c.globalIdx < ints.get(Touch.WRITES)) {
      y.set(0, 0f);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** As {@link #touch}, for words. */
  public static void touchWords(KernelContext c, IntArray ints, FloatArray floats, IntArray y) {
    if (c.globalIdx < ints.get(Touch.WRITES)) {
      y.set(0, 0);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[i] = x[i]}; ints: {@link Copy}. */
  public static void copy(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(Copy.COUNT);
    int yAt = ints.get(Copy.Y);
    int xAt = ints.get(Copy.X);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      y.set(yAt + i, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[i] = x[i]} of packed words; ints: {@link Copy}. */
  public static void copyWords(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, IntArray y) {
    int count = ints.get(Copy.COUNT);
    int yAt = ints.get(Copy.Y);
    int xAt = ints.get(Copy.X);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      y.set(yAt + i, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Copies a box of elements between two layouts. ints: {@link CopyStrided}. */
  public static void copyStrided(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(CopyStrided.COUNT);
    int axes = ints.get(CopyStrided.AXES);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int rest = i;
      int yAt = ints.get(CopyStrided.Y);
      int xAt = ints.get(CopyStrided.X);
      for (int axis = axes - 1; axis >= 0; axis--) {
        int extent = ints.get(CopyStrided.AXIS + 3 * axis);
        int coordinate = rest % extent;
        rest = rest / extent;
        yAt += coordinate * ints.get(CopyStrided.AXIS + 1 + 3 * axis);
        xAt += coordinate * ints.get(CopyStrided.AXIS + 2 + 3 * axis);
      }
      y.set(yAt, x.get(xAt));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Rows of a table; ints: {@link Embedding}. */
  public static void embedding(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray table,
      FloatArray ids,
      FloatArray y) {
    int count = ints.get(Embedding.COUNT);
    int row = ints.get(Embedding.ROW);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int id = (int) ids.get(ints.get(Embedding.IDS) + i / row);
      y.set(ints.get(Embedding.Y) + i, table.get(ints.get(Embedding.TABLE) + id * row + i % row));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Rows of a table of half floats, two a word, low half first; values lists what each of the
   * 65,536 halves stands for. ints: {@link EmbeddingOfHalves}.
   */
  public static void embeddingOfHalves(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray table,
      FloatArray ids,
      FloatArray values,
      FloatArray y) {
    int count = ints.get(EmbeddingOfHalves.COUNT);
    int row = ints.get(EmbeddingOfHalves.ROW);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int id = (int) ids.get(ints.get(EmbeddingOfHalves.IDS) + i / row);
      // A table may hold more halves than an int counts, its words never.
      long half = (long) id * row + i % row;
      int word = table.get(ints.get(EmbeddingOfHalves.TABLE) + (int) (half / 2));
      int bits = half % 2 == 0 ? word & 65535 : (word >> 16) & 65535;
      y.set(
          ints.get(EmbeddingOfHalves.Y) + i, values.get(ints.get(EmbeddingOfHalves.VALUES) + bits));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Half floats, two a word, low half first, as F32; values lists what each of the 65,536 halves
   * stands for. ints: {@link DecodeHalves}.
   */
  public static void decodeHalves(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray x,
      FloatArray values,
      FloatArray y) {
    int count = ints.get(DecodeHalves.COUNT);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int word = x.get(ints.get(DecodeHalves.X) + i / 2);
      int bits = i % 2 == 0 ? word & 65535 : (word >> 16) & 65535;
      y.set(ints.get(DecodeHalves.Y) + i, values.get(ints.get(DecodeHalves.VALUES) + bits));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Signed bytes, four a word, low byte first, as F32; ints: {@link Copy}. */
  public static void decodeBytes(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray y) {
    int count = ints.get(Copy.COUNT);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int word = x.get(ints.get(Copy.X) + i / 4);
      // Not by arithmetic shifts: TornadoVM's PTX fills up with zeros.
      int bits = (word >> (8 * (i % 4))) & 255;
      int value = bits < 128 ? bits : bits - 256;
      y.set(ints.get(Copy.Y) + i, (float) value);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[i] = x[i] * scales[row, column / block]}; ints: {@link ScaleBlocks}. */
  public static void scaleBlocks(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray scales,
      FloatArray y) {
    int count = ints.get(ScaleBlocks.COUNT);
    int row = ints.get(ScaleBlocks.ROW);
    int block = ints.get(ScaleBlocks.BLOCK);
    int blocks = ints.get(ScaleBlocks.BLOCKS);
    int shared = ints.get(ScaleBlocks.SHARED);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int at = i % row / block;
      if (shared == 0) {
        at += i / row * blocks;
      }
      y.set(
          ints.get(ScaleBlocks.Y) + i,
          x.get(ints.get(ScaleBlocks.X) + i) * scales.get(ints.get(ScaleBlocks.SCALES) + at));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
