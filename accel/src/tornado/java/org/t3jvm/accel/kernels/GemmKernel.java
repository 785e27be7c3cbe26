package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.ProductSlots.Gemm;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Matrix products in tiles of 64 x 64 results, 16 terms at a time, through local memory. */
public final class GemmKernel {
  private GemmKernel() {}

  /**
   * {@code y [M, N] = a [M, K] b + bias [N]} for each z of the grid. Work groups are 16 x 16 and
   * compute 64 x 64 results, each thread 4 x 4 of them, 16 apart.
   *
   * <p>ints: {@link Gemm}.
   */
  public static void gemm(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray a,
      FloatArray b,
      FloatArray bias,
      FloatArray y) {
    float[] as = c.allocateFloatLocalArray(1024);
    float[] bs = c.allocateFloatLocalArray(1024);
    int tx = c.localIdx;
    int ty = c.localIdy;
    int tid = ty * 16 + tx;
    int batch = ints.get(Launch.FIRST_Z) + c.globalIdz;
    int m = ints.get(Gemm.M);
    int n = ints.get(Gemm.N);
    int k = ints.get(Gemm.K);
    int column = ints.get(Gemm.B_COLUMN);
    int term = ints.get(Gemm.B_TERM);
    int yAt = ints.get(Gemm.Y) + batch * ints.get(Gemm.Y_BATCH);
    int aAt = ints.get(Gemm.A) + batch * ints.get(Gemm.A_BATCH);
    int bAt = ints.get(Gemm.B) + batch * ints.get(Gemm.B_BATCH);
    int row0 = (ints.get(Launch.FIRST_Y) + c.groupIdy) * 64;
    int col0 = (ints.get(Launch.FIRST_X) + c.groupIdx) * 64;
    int loadK = tid % 16;
    int loadRow = tid / 16;
    float s00 = 0;
    float s01 = 0;
    float s02 = 0;
    float s03 = 0;
    float s10 = 0;
    float s11 = 0;
    float s12 = 0;
    float s13 = 0;
    float s20 = 0;
    float s21 = 0;
    float s22 = 0;
    float s23 = 0;
    float s30 = 0;
    float s31 = 0;
    float s32 = 0;
    float s33 = 0;
    for (int k0 = 0; k0 < k; k0 += 16) {
      int kk = k0 + loadK;
      for (int i = 0; i < 4; i++) {
        int r = loadRow + 16 * i;
        float left = 0;
        if (kk < k && row0 + r < m) {
          left = a.get(aAt + (row0 + r) * k + kk);
        }
        as[loadK * 64 + r] = left;
        float right = 0;
        if (kk < k && col0 + r < n) {
          right = b.get(bAt + (col0 + r) * column + kk * term);
        }
        bs[loadK * 64 + r] = right;
      }
      c.localBarrier();
      for (int p = 0; p < 16; p++) {
        float a0 = as[p * 64 + ty];
        float a1 = as[p * 64 + ty + 16];
        float a2 = as[p * 64 + ty + 32];
        float a3 = as[p * 64 + ty + 48];
        float b0 = bs[p * 64 + tx];
        float b1 = bs[p * 64 + tx + 16];
        float b2 = bs[p * 64 + tx + 32];
        float b3 = bs[p * 64 + tx + 48];
        s00 += a0 * b0;
        s01 += a0 * b1;
        s02 += a0 * b2;
        s03 += a0 * b3;
        s10 += a1 * b0;
        s11 += a1 * b1;
        s12 += a1 * b2;
        s13 += a1 * b3;
        s20 += a2 * b0;
        s21 += a2 * b1;
        s22 += a2 * b2;
        s23 += a2 * b3;
        s30 += a3 * b0;
        s31 += a3 * b1;
        s32 += a3 * b2;
        s33 += a3 * b3;
      }
      c.localBarrier();
    }
    int biasAt = ints.get(Gemm.BIAS);
    int biased = ints.get(Gemm.HAS_BIAS);
    for (int j = 0; j < 4; j++) {
      int col = col0 + tx + 16 * j;
      if (col < n) {
        float add = 0;
        if (biased == 1) {
          add = bias.get(biasAt + col);
        }
        float v0 = j == 0 ? s00 : j == 1 ? s01 : j == 2 ? s02 : s03;
        float v1 = j == 0 ? s10 : j == 1 ? s11 : j == 2 ? s12 : s13;
        float v2 = j == 0 ? s20 : j == 1 ? s21 : j == 2 ? s22 : s23;
        float v3 = j == 0 ? s30 : j == 1 ? s31 : j == 2 ? s32 : s33;
        int r = row0 + ty;
        if (r < m) {
          y.set(yAt + r * n + col, v0 + add);
        }
        if (r + 16 < m) {
          y.set(yAt + (r + 16) * n + col, v1 + add);
        }
        if (r + 32 < m) {
          y.set(yAt + (r + 32) * n + col, v2 + add);
        }
        if (r + 48 < m) {
          y.set(yAt + (r + 48) * n + col, v3 + add);
        }
      }
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
