package org.t3jvm.accel.slots;

/** Slots of the kernels of attention. */
public final class AttentionSlots {
  private AttentionSlots() {}

  /** What both kernels take. Slot 9 is one kernel's own. */
  public interface Windows {
    /** Queries and keys of the only group, or 0 where token rows fall into windows. */
    int QUERIES = 5;

    int KEYS = 6;
    int HEADS = 7;
    int HEAD_DIM = 8;

    /** Blocks of queries of a group. */
    int BLOCKS = 10;

    int GRID_T = 11;
    int GRID_H = 12;
    int GRID_W = 13;
    int WINDOWS_T = 14;
    int WINDOWS_H = 15;
    int WINDOWS_W = 16;

    /** 1 if a window's rows lie apart. */
    int DILATED = 17;
  }

  public interface Attention extends Windows {
    int Y = 0;
    int Q = 1;
    int K = 2;
    int V = 3;
    int BIAS = 4;
    int HAS_BIAS = 18;

    /** Distances of heads and of queries in the bias. */
    int BIAS_HEAD = 19;

    int BIAS_QUERY = 20;

    /** 1 if the result is added to y. */
    int ADDS = 21;
  }

  public interface AttentionBf16 extends Windows {
    int Y = 0;
    int SCRATCH = 1;
    int Q = 2;
    int K = 3;
    int V = 4;

    /** Groups of token rows. */
    int ROW_GROUPS = 9;

    /** 1 if the result is added to y. */
    int ADDS = 18;

    /** Work groups, and those that measured lengths. */
    int GROUPS = 19;

    int LENGTH_GROUPS = 20;
  }
}
