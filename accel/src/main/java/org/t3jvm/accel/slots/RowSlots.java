package org.t3jvm.accel.slots;

/** Slots of kernels along one axis. */
public final class RowSlots {
  private RowSlots() {}

  public interface Norm {
    int Y = 0;
    int X = 1;
    int WEIGHT = 2;
    int BIAS = 3;

    /** Elements of a row. */
    int WIDTH = 4;

    /** Which norm. */
    int KIND = 5;

    int HAS_WEIGHT = 6;
    int HAS_BIAS = 7;
  }

  public interface Softmax {
    int Y = 0;
    int X = 1;

    /** Elements of a row. */
    int WIDTH = 2;
  }

  /** The middle axis of [outer, extent, inner]. */
  public interface Reduce {
    int Y = 0;
    int X = 1;
    int EXTENT = 2;
    int INNER = 3;

    /** Which function. */
    int KIND = 4;
  }

  public interface Rope {
    int Y = 0;
    int X = 1;
    int TABLE = 2;

    /** Pairs in all, and of a head. */
    int COUNT = 3;

    int HEADS = 4;
    int PAIRS = 5;

    /** Pairs that turn by t, and by h (and by w). */
    int PAIRS_T = 6;

    int PAIRS_H = 7;
    int GRID_H = 8;
    int GRID_W = 9;

    /** Where the tables of h and of w start, from that of t. */
    int START_H = 10;

    int START_W = 11;
  }

  /** The longest rows of heads. */
  public interface Lengths {
    int Y = 0;
    int X = 1;
    int ROWS = 2;
    int HEADS = 3;
    int HEAD_DIM = 4;

    /** Work groups. */
    int GROUPS = 5;

    /** 0 for queries, 1 for keys. */
    int WHICH = 6;
  }
}
