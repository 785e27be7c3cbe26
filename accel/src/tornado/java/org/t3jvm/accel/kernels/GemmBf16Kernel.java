package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Matrix products of BF16 on tensor cores, sums in F32. Tiles of 128 x 128 results, 32 terms at a
 * time; the next terms come from device memory while these are multiplied.
 */
public final class GemmBf16Kernel {
  private GemmBf16Kernel() {}

  /**
   * {@code y [M, N] = a [M, K] b [N, K] + bias [N]}. Work groups are of 256 threads, 8 warps of 64
   * x 32 results each, and take tile after tile. Results go through {@code scratch}, 128 x 128
   * elements a group, since a fragment's elements can only be stored by a warp as a whole.
   *
   * <p>ints: {@link GemmBf16}. K and N are even.
   */
  public static void gemm(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray a,
      IntArray b,
      FloatArray bias,
      FloatArray scratch,
      FloatArray y,
      IntArray packed) {
    int[] as = c.allocateIntLocalArray(4096);
    int[] bs = c.allocateIntLocalArray(4096);
    int tid = c.localIdx;
    int warp = tid / 32;
    int lane = tid % 32;
    int m = ints.get(GemmBf16.M);
    int n = ints.get(GemmBf16.N);
    int words = ints.get(GemmBf16.K) / 2;
    int tilesN = (n + 127) / 128;
    int tiles = (m + 127) / 128 * tilesN;
    int scratchAt = ints.get(GemmBf16.SCRATCH) + c.groupIdx * 16384;
    int aWord = tid % 16;
    int aRow = tid / 16;
    int aPut = aWord / 8 * 1024 + aRow * 8 + aWord % 8;
    int bWord = lane / 4;
    int bPut = warp * 128 + bWord * 8 + lane % 4;
    int aTake = warp / 4 * 2048;
    int bTake = warp % 4 * 1024;
    for (int tile = ints.get(Launch.FIRST_X) + c.groupIdx;
        tile < tiles;
        tile += ints.get(GemmBf16.GROUPS)) {
      int row0 = tile / tilesN * 128;
      int col0 = tile % tilesN * 128;
      int aAt = ints.get(GemmBf16.A);
      int bAt = ints.get(GemmBf16.B);
      int ra0 = aAt + Math.min(row0 + aRow, m - 1) * words + aWord;
      int ra1 = aAt + Math.min(row0 + aRow + 16, m - 1) * words + aWord;
      int ra2 = aAt + Math.min(row0 + aRow + 32, m - 1) * words + aWord;
      int ra3 = aAt + Math.min(row0 + aRow + 48, m - 1) * words + aWord;
      int ra4 = aAt + Math.min(row0 + aRow + 64, m - 1) * words + aWord;
      int ra5 = aAt + Math.min(row0 + aRow + 80, m - 1) * words + aWord;
      int ra6 = aAt + Math.min(row0 + aRow + 96, m - 1) * words + aWord;
      int ra7 = aAt + Math.min(row0 + aRow + 112, m - 1) * words + aWord;
      int rb0 = bAt + Math.min(col0 + warp * 16 + lane % 4 * 2, n - 1) * words + bWord;
      int rb1 = bAt + Math.min(col0 + warp * 16 + 1 + lane % 4 * 2, n - 1) * words + bWord;
      int rb2 = bAt + Math.min(col0 + warp * 16 + 8 + lane % 4 * 2, n - 1) * words + bWord;
      int rb3 = bAt + Math.min(col0 + warp * 16 + 9 + lane % 4 * 2, n - 1) * words + bWord;
      float[] f00 = c.mmaFragment(0);
      float[] f01 = c.mmaFragment(0);
      float[] f02 = c.mmaFragment(0);
      float[] f03 = c.mmaFragment(0);
      float[] f10 = c.mmaFragment(0);
      float[] f11 = c.mmaFragment(0);
      float[] f12 = c.mmaFragment(0);
      float[] f13 = c.mmaFragment(0);
      float[] f20 = c.mmaFragment(0);
      float[] f21 = c.mmaFragment(0);
      float[] f22 = c.mmaFragment(0);
      float[] f23 = c.mmaFragment(0);
      float[] f30 = c.mmaFragment(0);
      float[] f31 = c.mmaFragment(0);
      float[] f32 = c.mmaFragment(0);
      float[] f33 = c.mmaFragment(0);
      int half = 0;
      // The first round multiplies zeros: a fragment's last product must be one of the loop.
      for (int i = tid; i < 2048; i += 256) {
        as[i] = 0;
        bs[i] = 0;
      }
      c.localBarrier();
      for (int at = 0; at < words + 16; at += 16) {
        int a0 = 0;
        int a1 = 0;
        int a2 = 0;
        int a3 = 0;
        int a4 = 0;
        int a5 = 0;
        int a6 = 0;
        int a7 = 0;
        int b0 = 0;
        int b1 = 0;
        int b2 = 0;
        int b3 = 0;
        int b4 = 0;
        int b5 = 0;
        int b6 = 0;
        int b7 = 0;
        if (at + aWord < words) {
          a0 = a.get(ra0 + at);
          a1 = a.get(ra1 + at);
          a2 = a.get(ra2 + at);
          a3 = a.get(ra3 + at);
          a4 = a.get(ra4 + at);
          a5 = a.get(ra5 + at);
          a6 = a.get(ra6 + at);
          a7 = a.get(ra7 + at);
        }
        if (at + bWord < words) {
          b0 = b.get(rb0 + at);
          b1 = b.get(rb1 + at);
          b2 = b.get(rb2 + at);
          b3 = b.get(rb3 + at);
        }
        if (at + bWord + 8 < words) {
          b4 = b.get(rb0 + at + 8);
          b5 = b.get(rb1 + at + 8);
          b6 = b.get(rb2 + at + 8);
          b7 = b.get(rb3 + at + 8);
        }
        int aFrom0 = half * 4 + aTake;
        int bFrom0 = half * 4 + bTake;
        HalfFloat[] left00 = c.mmaLoadA(as, 16, aFrom0);
        HalfFloat[] left01 = c.mmaLoadA(as, 16, aFrom0 + 512);
        HalfFloat[] left02 = c.mmaLoadA(as, 16, aFrom0 + 1024);
        HalfFloat[] left03 = c.mmaLoadA(as, 16, aFrom0 + 1536);
        HalfFloat[] right00 = c.mmaLoadB(bs, 16, bFrom0);
        f00 = c.mmaBF16(left00, right00, f00, MMAShape.M16N8K16);
        f10 = c.mmaBF16(left01, right00, f10, MMAShape.M16N8K16);
        f20 = c.mmaBF16(left02, right00, f20, MMAShape.M16N8K16);
        f30 = c.mmaBF16(left03, right00, f30, MMAShape.M16N8K16);
        HalfFloat[] right01 = c.mmaLoadB(bs, 16, bFrom0 + 256);
        f01 = c.mmaBF16(left00, right01, f01, MMAShape.M16N8K16);
        f11 = c.mmaBF16(left01, right01, f11, MMAShape.M16N8K16);
        f21 = c.mmaBF16(left02, right01, f21, MMAShape.M16N8K16);
        f31 = c.mmaBF16(left03, right01, f31, MMAShape.M16N8K16);
        HalfFloat[] right02 = c.mmaLoadB(bs, 16, bFrom0 + 512);
        f02 = c.mmaBF16(left00, right02, f02, MMAShape.M16N8K16);
        f12 = c.mmaBF16(left01, right02, f12, MMAShape.M16N8K16);
        f22 = c.mmaBF16(left02, right02, f22, MMAShape.M16N8K16);
        f32 = c.mmaBF16(left03, right02, f32, MMAShape.M16N8K16);
        HalfFloat[] right03 = c.mmaLoadB(bs, 16, bFrom0 + 768);
        f03 = c.mmaBF16(left00, right03, f03, MMAShape.M16N8K16);
        f13 = c.mmaBF16(left01, right03, f13, MMAShape.M16N8K16);
        f23 = c.mmaBF16(left02, right03, f23, MMAShape.M16N8K16);
        f33 = c.mmaBF16(left03, right03, f33, MMAShape.M16N8K16);
        int aFrom1 = (half + 1024) * 4 + aTake;
        int bFrom1 = (half + 1024) * 4 + bTake;
        HalfFloat[] left10 = c.mmaLoadA(as, 16, aFrom1);
        HalfFloat[] left11 = c.mmaLoadA(as, 16, aFrom1 + 512);
        HalfFloat[] left12 = c.mmaLoadA(as, 16, aFrom1 + 1024);
        HalfFloat[] left13 = c.mmaLoadA(as, 16, aFrom1 + 1536);
        HalfFloat[] right10 = c.mmaLoadB(bs, 16, bFrom1);
        f00 = c.mmaBF16(left10, right10, f00, MMAShape.M16N8K16);
        f10 = c.mmaBF16(left11, right10, f10, MMAShape.M16N8K16);
        f20 = c.mmaBF16(left12, right10, f20, MMAShape.M16N8K16);
        f30 = c.mmaBF16(left13, right10, f30, MMAShape.M16N8K16);
        HalfFloat[] right11 = c.mmaLoadB(bs, 16, bFrom1 + 256);
        f01 = c.mmaBF16(left10, right11, f01, MMAShape.M16N8K16);
        f11 = c.mmaBF16(left11, right11, f11, MMAShape.M16N8K16);
        f21 = c.mmaBF16(left12, right11, f21, MMAShape.M16N8K16);
        f31 = c.mmaBF16(left13, right11, f31, MMAShape.M16N8K16);
        HalfFloat[] right12 = c.mmaLoadB(bs, 16, bFrom1 + 512);
        f02 = c.mmaBF16(left10, right12, f02, MMAShape.M16N8K16);
        f12 = c.mmaBF16(left11, right12, f12, MMAShape.M16N8K16);
        f22 = c.mmaBF16(left12, right12, f22, MMAShape.M16N8K16);
        f32 = c.mmaBF16(left13, right12, f32, MMAShape.M16N8K16);
        HalfFloat[] right13 = c.mmaLoadB(bs, 16, bFrom1 + 768);
        f03 = c.mmaBF16(left10, right13, f03, MMAShape.M16N8K16);
        f13 = c.mmaBF16(left11, right13, f13, MMAShape.M16N8K16);
        f23 = c.mmaBF16(left12, right13, f23, MMAShape.M16N8K16);
        f33 = c.mmaBF16(left13, right13, f33, MMAShape.M16N8K16);
        half = 2048 - half;
        as[half + aPut] = a0;
        as[half + aPut + 128] = a1;
        as[half + aPut + 256] = a2;
        as[half + aPut + 384] = a3;
        as[half + aPut + 512] = a4;
        as[half + aPut + 640] = a5;
        as[half + aPut + 768] = a6;
        as[half + aPut + 896] = a7;
        bs[half + bPut] = (b0 & 0xffff) | (b1 << 16);
        bs[half + bPut + 4] = ((b0 >> 16) & 0xffff) | (b1 & 0xffff0000);
        bs[half + bPut + 64] = (b2 & 0xffff) | (b3 << 16);
        bs[half + bPut + 68] = ((b2 >> 16) & 0xffff) | (b3 & 0xffff0000);
        bs[half + bPut + 1024] = (b4 & 0xffff) | (b5 << 16);
        bs[half + bPut + 1028] = ((b4 >> 16) & 0xffff) | (b5 & 0xffff0000);
        bs[half + bPut + 1088] = (b6 & 0xffff) | (b7 << 16);
        bs[half + bPut + 1092] = ((b6 >> 16) & 0xffff) | (b7 & 0xffff0000);
        c.localBarrier();
      }
      int fromRow = warp / 4 * 64;
      int fromCol = scratchAt + warp % 4 * 32;
      c.mmaStore(f00, scratch, fromRow, fromCol, 128);
      c.mmaStore(f01, scratch, fromRow, fromCol + 8, 128);
      c.mmaStore(f02, scratch, fromRow, fromCol + 16, 128);
      c.mmaStore(f03, scratch, fromRow, fromCol + 24, 128);
      c.mmaStore(f10, scratch, fromRow + 16, fromCol, 128);
      c.mmaStore(f11, scratch, fromRow + 16, fromCol + 8, 128);
      c.mmaStore(f12, scratch, fromRow + 16, fromCol + 16, 128);
      c.mmaStore(f13, scratch, fromRow + 16, fromCol + 24, 128);
      c.mmaStore(f20, scratch, fromRow + 32, fromCol, 128);
      c.mmaStore(f21, scratch, fromRow + 32, fromCol + 8, 128);
      c.mmaStore(f22, scratch, fromRow + 32, fromCol + 16, 128);
      c.mmaStore(f23, scratch, fromRow + 32, fromCol + 24, 128);
      c.mmaStore(f30, scratch, fromRow + 48, fromCol, 128);
      c.mmaStore(f31, scratch, fromRow + 48, fromCol + 8, 128);
      c.mmaStore(f32, scratch, fromRow + 48, fromCol + 16, 128);
      c.mmaStore(f33, scratch, fromRow + 48, fromCol + 24, 128);
      c.localBarrier();
      int biasAt = ints.get(GemmBf16.BIAS);
      for (int i = tid; i < 8192; i += 256) {
        int row = row0 + i / 64;
        int col = col0 + i % 64 * 2;
        if (row < m && col < n) {
          float v0 = scratch.get(scratchAt + 2 * i);
          float v1 = scratch.get(scratchAt + 2 * i + 1);
          if (ints.get(GemmBf16.HAS_BIAS) == 1) {
            v0 += bias.get(biasAt + col);
            v1 += bias.get(biasAt + col + 1);
          }
          if (ints.get(GemmBf16.TO_PACKED) == 1) {
            packed.set(
                ints.get(GemmBf16.PACKED) + row * (n / 2) + col / 2, Bf16.word(v0, v1, c.localIdz));
          } else {
            y.set(ints.get(GemmBf16.Y) + row * n + col, v0);
            y.set(ints.get(GemmBf16.Y) + row * n + col + 1, v1);
          }
        }
      }
      c.localBarrier();
    }
    Ticket.stamp(c.globalIdx, ints);
  }
}
