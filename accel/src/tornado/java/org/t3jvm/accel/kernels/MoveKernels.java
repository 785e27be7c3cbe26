package org.t3jvm.accel.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels that move elements; each thread takes every n-th of them, n the number of threads. */
public final class MoveKernels {
  private MoveKernels() {}

  /** Writes element 0 if the ints say so; this allocates a bank, which must be written to. */
  public static void touch(KernelContext c, IntArray ints, FloatArray floats, FloatArray y) {
    if (c.globalIdx < ints.get(0)) {
      y.set(0, 0f);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** As {@link #touch}, for words. */
  public static void touchWords(KernelContext c, IntArray ints, FloatArray floats, IntArray y) {
    if (c.globalIdx < ints.get(0)) {
      y.set(0, 0);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[i] = x[i]}; ints: offsets of y and x; 2: elements. */
  public static void copy(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(2);
    int yAt = ints.get(0);
    int xAt = ints.get(1);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      y.set(yAt + i, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** {@code y[i] = x[i]} of packed words; ints: offsets of y and x; 2: words. */
  public static void copyWords(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, IntArray y) {
    int count = ints.get(2);
    int yAt = ints.get(0);
    int xAt = ints.get(1);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      y.set(yAt + i, x.get(xAt + i));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Copies a box of elements between two layouts. ints: offsets of y and x; 2: elements, axes; from
   * 4 on, for each axis: extent, distance in y, distance in x.
   */
  public static void copyStrided(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    int count = ints.get(2);
    int axes = ints.get(3);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int rest = i;
      int yAt = ints.get(0);
      int xAt = ints.get(1);
      for (int axis = axes - 1; axis >= 0; axis--) {
        int extent = ints.get(4 + 3 * axis);
        int coordinate = rest % extent;
        rest = rest / extent;
        yAt += coordinate * ints.get(5 + 3 * axis);
        xAt += coordinate * ints.get(6 + 3 * axis);
      }
      y.set(yAt, x.get(xAt));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Rows of a table; ints: offsets of y, table and ids; 3: elements of y, of a row. */
  public static void embedding(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray table,
      FloatArray ids,
      FloatArray y) {
    int count = ints.get(3);
    int row = ints.get(4);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int id = (int) ids.get(ints.get(2) + i / row);
      y.set(ints.get(0) + i, table.get(ints.get(1) + id * row + i % row));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Rows of a table of half floats, two a word, low half first; values lists what each of the
   * 65,536 halves stands for. ints: offsets of y, table, ids and values; 4: elements of y, of a
   * row.
   */
  public static void embeddingOfHalves(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray table,
      FloatArray ids,
      FloatArray values,
      FloatArray y) {
    int count = ints.get(4);
    int row = ints.get(5);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int id = (int) ids.get(ints.get(2) + i / row);
      // A table may hold more halves than an int counts, its words never.
      long half = (long) id * row + i % row;
      int word = table.get(ints.get(1) + (int) (half / 2));
      int bits = half % 2 == 0 ? word & 65535 : (word >> 16) & 65535;
      y.set(ints.get(0) + i, values.get(ints.get(3) + bits));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Half floats, two a word, low half first, as F32; values lists what each of the 65,536 halves
   * stands for. ints: offsets of y, x and values; 3: elements.
   */
  public static void decodeHalves(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray x,
      FloatArray values,
      FloatArray y) {
    int count = ints.get(3);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int word = x.get(ints.get(1) + i / 2);
      int bits = i % 2 == 0 ? word & 65535 : (word >> 16) & 65535;
      y.set(ints.get(0) + i, values.get(ints.get(2) + bits));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Signed bytes, four a word, low byte first, as F32; ints: offsets of y and x; 2: elements. */
  public static void decodeBytes(
      KernelContext c, IntArray ints, FloatArray floats, IntArray x, FloatArray y) {
    int count = ints.get(2);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int word = x.get(ints.get(1) + i / 4);
      // Not by arithmetic shifts: TornadoVM's PTX fills up with zeros.
      int bits = (word >> (8 * (i % 4))) & 255;
      int value = bits < 128 ? bits : bits - 256;
      y.set(ints.get(0) + i, (float) value);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * {@code y[i] = x[i] * scales[row, column / block]}; ints: offsets of y, x and scales; 3:
   * elements, elements of a row, of a block, blocks of a row; 7: 1 if all rows share their scales.
   */
  public static void scaleBlocks(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray scales,
      FloatArray y) {
    int count = ints.get(3);
    int row = ints.get(4);
    int block = ints.get(5);
    int blocks = ints.get(6);
    int shared = ints.get(7);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int at = i % row / block;
      if (shared == 0) {
        at += i / row * blocks;
      }
      y.set(ints.get(0) + i, x.get(ints.get(1) + i) * scales.get(ints.get(2) + at));
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
