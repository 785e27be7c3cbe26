package org.t3jvm.accel.slots;

/** Slots of matrix products and convolutions. */
public final class ProductSlots {
  private ProductSlots() {}

  /** {@code y [M, N] = a [M, K] b + bias}, for each of a batch. */
  public interface Gemm {
    int Y = 0;
    int A = 1;
    int B = 2;
    int BIAS = 3;
    int M = 4;
    int N = 5;
    int K = 6;
    int HAS_BIAS = 7;

    /** Distance of b's columns, and of its terms. */
    int B_COLUMN = 8;

    int B_TERM = 9;

    /** Distances of the products of a batch in y, a and b. */
    int Y_BATCH = 10;

    int A_BATCH = 11;
    int B_BATCH = 12;
  }

  /** {@code y [M, N] = a [M, K] b [N, K] + bias} of BF16. */
  public interface GemmBf16 {
    int Y = 0;
    int PACKED = 1;
    int SCRATCH = 2;
    int A = 3;
    int B = 4;
    int BIAS = 5;
    int M = 6;
    int N = 7;
    int K = 8;
    int HAS_BIAS = 9;

    /** 1 if the result goes to {@link #PACKED}. */
    int TO_PACKED = 10;

    /** Work groups. */
    int GROUPS = 11;
  }

  public interface Conv3d {
    int Y = 0;
    int X = 1;
    int WEIGHT = 2;
    int BIAS = 3;
    int IN_T = 4;
    int IN_H = 5;
    int IN_W = 6;
    int IN_CHANNELS = 7;
    int OUT_T = 8;
    int OUT_H = 9;
    int OUT_W = 10;
    int OUT_CHANNELS = 11;
    int KERNEL_T = 12;
    int KERNEL_H = 13;
    int KERNEL_W = 14;
    int STRIDE_T = 15;
    int STRIDE_H = 16;
    int STRIDE_W = 17;

    /** Padding before the first frame, row and column. */
    int PAD_T = 18;

    int PAD_H = 19;
    int PAD_W = 20;
    int HAS_BIAS = 21;
  }
}
