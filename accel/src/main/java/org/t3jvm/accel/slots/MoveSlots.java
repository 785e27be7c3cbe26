package org.t3jvm.accel.slots;

/** Slots of kernels that move, decode and convert elements. */
public final class MoveSlots {
  private MoveSlots() {}

  /** What allocates a bank. */
  public interface Touch {
    /** 1 if element 0 is written. */
    int WRITES = 0;
  }

  /** Copies, and conversions of as many elements. */
  public interface Copy {
    int Y = 0;
    int X = 1;
    int COUNT = 2;
  }

  public interface CopyStrided {
    int Y = 0;
    int X = 1;
    int COUNT = 2;
    int AXES = 3;

    /** For each axis: extent, distances in y and x. */
    int AXIS = 4;
  }

  public interface Embedding {
    int Y = 0;
    int TABLE = 1;
    int IDS = 2;
    int COUNT = 3;

    /** Elements of a row. */
    int ROW = 4;
  }

  public interface EmbeddingOfHalves {
    int Y = 0;
    int TABLE = 1;
    int IDS = 2;
    int VALUES = 3;
    int COUNT = 4;

    /** Elements of a row. */
    int ROW = 5;
  }

  public interface DecodeHalves {
    int Y = 0;
    int X = 1;
    int VALUES = 2;
    int COUNT = 3;
  }

  public interface ScaleBlocks {
    int Y = 0;
    int X = 1;
    int SCALES = 2;
    int COUNT = 3;

    /** Elements of a row, and of a block of it. */
    int ROW = 4;

    int BLOCK = 5;

    /** Blocks of a row. */
    int BLOCKS = 6;

    /** 1 if all rows have the same scales. */
    int SHARED = 7;
  }

  /** Rows of packed words that are gathered, scattered or averaged. */
  public interface Rows {
    int Y = 0;
    int X = 1;
    int ROWS = 2;

    /** Rows to move. */
    int COUNT = 3;

    /** Words of a row. */
    int WORDS = 4;
  }

  /** Patches that a convolution looks at. */
  public interface Patches {
    int Y = 0;
    int X = 1;

    /** The first position of the result, and how many. */
    int FIRST = 2;

    int POSITIONS = 3;
    int IN_T = 4;
    int IN_H = 5;
    int IN_W = 6;

    /** Words of the channels of a position. */
    int WORDS = 7;

    int OUT_H = 8;
    int OUT_W = 9;
    int KERNEL_T = 10;
    int KERNEL_H = 11;
    int KERNEL_W = 12;
    int STRIDE_T = 13;
    int STRIDE_H = 14;
    int STRIDE_W = 15;

    /** Padding before the first frame, row and column. */
    int PAD_T = 16;

    int PAD_H = 17;
    int PAD_W = 18;
  }
}
