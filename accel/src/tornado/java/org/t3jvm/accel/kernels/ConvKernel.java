package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.ProductSlots.Conv3d;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Convolution as a matrix product whose left side is read where it lies. */
public final class ConvKernel {
  private ConvKernel() {}

  /**
   * {@code y [T'H'W', O] = patches of x [T, H, W, C] times weight [O, C kt kh kw] + bias}, in tiles
   * of 64 positions by 64 outputs, 16 terms at a time. Work groups are 16 x 16, each thread has 4 x
   * 4 results, 16 apart.
   *
   * <p>ints: {@link Conv3d}.
   */
  public static void conv3d(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray weight,
      FloatArray bias,
      FloatArray y) {
    float[] as = c.allocateFloatLocalArray(1024);
    float[] bs = c.allocateFloatLocalArray(1024);
    int tx = c.localIdx;
    int ty = c.localIdy;
    int tid = ty * 16 + tx;
    int inT = ints.get(Conv3d.IN_T);
    int inH = ints.get(Conv3d.IN_H);
    int inW = ints.get(Conv3d.IN_W);
    int channels = ints.get(Conv3d.IN_CHANNELS);
    int outH = ints.get(Conv3d.OUT_H);
    int outW = ints.get(Conv3d.OUT_W);
    int m = ints.get(Conv3d.OUT_T) * outH * outW;
    int n = ints.get(Conv3d.OUT_CHANNELS);
    int kh = ints.get(Conv3d.KERNEL_H);
    int kw = ints.get(Conv3d.KERNEL_W);
    int taps = ints.get(Conv3d.KERNEL_T) * kh * kw;
    int k = channels * taps;
    int row0 = (ints.get(Launch.FIRST_X) + c.groupIdx) * 64;
    int col0 = (ints.get(Launch.FIRST_Y) + c.groupIdy) * 64;
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
      // Terms run over taps first, channels last, as patches lie in x.
      int channel = kk % channels;
      int tap = kk / channels;
      int dt = tap / (kh * kw);
      int dh = tap / kw % kh;
      int dw = tap % kw;
      for (int i = 0; i < 4; i++) {
        int r = loadRow + 16 * i;
        int position = row0 + r;
        float left = 0;
        if (kk < k && position < m) {
          int t =
              position / (outH * outW) * ints.get(Conv3d.STRIDE_T) - ints.get(Conv3d.PAD_T) + dt;
          int h = position / outW % outH * ints.get(Conv3d.STRIDE_H) - ints.get(Conv3d.PAD_H) + dh;
          int w = position % outW * ints.get(Conv3d.STRIDE_W) - ints.get(Conv3d.PAD_W) + dw;
          if (t >= 0 && t < inT && h >= 0 && h < inH && w >= 0 && w < inW) {
            left = x.get(ints.get(Conv3d.X) + ((t * inH + h) * inW + w) * channels + channel);
          }
        }
        as[loadK * 64 + r] = left;
        float right = 0;
        if (kk < k && col0 + r < n) {
          right =
              weight.get(ints.get(Conv3d.WEIGHT) + ((col0 + r) * channels + channel) * taps + tap);
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
    int biased = ints.get(Conv3d.HAS_BIAS);
    for (int j = 0; j < 4; j++) {
      int col = col0 + tx + 16 * j;
      if (col < n) {
        float add = 0;
        if (biased == 1) {
          add = bias.get(ints.get(Conv3d.BIAS) + col);
        }
        float v0 = j == 0 ? s00 : j == 1 ? s01 : j == 2 ? s02 : s03;
        float v1 = j == 0 ? s10 : j == 1 ? s11 : j == 2 ? s12 : s13;
        float v2 = j == 0 ? s20 : j == 1 ? s21 : j == 2 ? s22 : s23;
        float v3 = j == 0 ? s30 : j == 1 ? s31 : j == 2 ? s32 : s33;
        int r = row0 + ty;
        int at = ints.get(Conv3d.Y) + r * n + col;
        if (r < m) {
          y.set(at, v0 + add);
        }
        if (r + 16 < m) {
          y.set(at + 16 * n, v1 + add);
        }
        if (r + 32 < m) {
          y.set(at + 32 * n, v2 + add);
        }
        if (r + 48 < m) {
          y.set(at + 48 * n, v3 + add);
        }
      }
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
