package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.AttentionSlots.AttentionBf16;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.enums.MMAShape;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.HalfFloat;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Attention of BF16 on tensor cores, scores and sums in F32: 128 queries by 32 keys at a time.
 *
 * <p>A fragment can be multiplied and stored by its warp but not scaled, so there is no running
 * maximum to rescale by. Scores of at most {@link #SAFE} need none: their exponentials and sums of
 * them are normal numbers of F32. Where the lengths of queries and keys do not promise that, the
 * keys are gone through twice, first for the largest score of each query.
 */
public final class AttentionBf16Kernel {
  /** Scores up to this need no maximum: e^64 times 2^30 keys is below F32's largest, e^88. */
  private static final float SAFE = 64;

  private AttentionBf16Kernel() {}

  /**
   * Attention of blocks of 128 queries of a group of token rows to all keys of the group. Work
   * groups are of 256 threads, 8 warps of 16 queries each, and take block after block of one head
   * after the other. Scores, sums and results go through {@code scratch}, 128 x 136 elements a
   * group; before them are the largest squared lengths of queries and keys, see {@link
   * LengthKernel}.
   *
   * <p>ints: {@link AttentionBf16}. floats: scale of the scores, share of the result. d is even and
   * at most 128.
   */
  public static void attention(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      IntArray q,
      IntArray k,
      IntArray v,
      FloatArray scratch,
      IntArray y) {
    int[] tile = c.allocateIntLocalArray(8192);
    int[] weights = c.allocateIntLocalArray(2048);
    int[] ones = c.allocateIntLocalArray(64);
    int[] queryRow = c.allocateIntLocalArray(128);
    int[] keyRow = c.allocateIntLocalArray(64);
    float[] largest = c.allocateFloatLocalArray(256);
    int tid = c.localIdx;
    int warp = tid / 32;
    int lane = tid % 32;
    int heads = ints.get(AttentionBf16.HEADS);
    int d = ints.get(AttentionBf16.HEAD_DIM);
    int rowWords = heads * d / 2;
    int headWords = d / 2;
    int blocks = ints.get(AttentionBf16.BLOCKS);
    int gridH = ints.get(AttentionBf16.GRID_H);
    int gridW = ints.get(AttentionBf16.GRID_W);
    float scale = floats.get(0);
    int lengthsAt = ints.get(AttentionBf16.SCRATCH);
    int scratchAt =
        lengthsAt + 2 * heads * ints.get(AttentionBf16.LENGTH_GROUPS) + c.groupIdx * 17408;
    int warpAt = scratchAt + warp * 2176;
    int kPut = warp * 256 + lane / 4 * 8 + lane % 4;
    int kWord = warp * 8 + lane / 4;
    int kKey = lane % 4 * 2;
    int vWord = tid % 64;
    int vKey = tid / 64;
    int vPut = 2048 + vWord / 4 * 64 + vKey * 4 + vWord % 4;
    if (tid < 64) {
      ones[tid] = 0x3f803f80;
    }
    int items = heads * ints.get(AttentionBf16.ROW_GROUPS) * blocks;
    for (int item = ints.get(Launch.FIRST_X) + c.groupIdx;
        item < items;
        item += ints.get(AttentionBf16.GROUPS)) {
      int firstQuery = item % blocks * 128;
      int head = item / blocks % heads;
      int group = item / blocks / heads;
      int queries = ints.get(AttentionBf16.QUERIES);
      int keys = ints.get(AttentionBf16.KEYS);
      int sizeH = 1;
      int sizeW = 1;
      int base = 0;
      int strideT = 0;
      int strideH = 0;
      int strideW = 1;
      if (queries == 0) {
        int gridT = ints.get(AttentionBf16.GRID_T);
        int nt = ints.get(AttentionBf16.WINDOWS_T);
        int nh = ints.get(AttentionBf16.WINDOWS_H);
        int nw = ints.get(AttentionBf16.WINDOWS_W);
        int gw = group % nw;
        int gh = group / nw % nh;
        int gt = group / (nw * nh);
        int sizeT;
        if (ints.get(AttentionBf16.DILATED) == 1) {
          sizeT = (gridT - gt + nt - 1) / nt;
          sizeH = (gridH - gh + nh - 1) / nh;
          sizeW = (gridW - gw + nw - 1) / nw;
          base = (gt * gridH + gh) * gridW + gw;
          strideT = nt * gridH * gridW;
          strideH = nh * gridW;
          strideW = nw;
        } else {
          int startT = gt * gridT / nt;
          int startH = gh * gridH / nh;
          int startW = gw * gridW / nw;
          sizeT = (gt + 1) * gridT / nt - startT;
          sizeH = (gh + 1) * gridH / nh - startH;
          sizeW = (gw + 1) * gridW / nw - startW;
          base = (startT * gridH + startH) * gridW + startW;
          strideT = gridH * gridW;
          strideH = gridW;
        }
        queries = sizeT * sizeH * sizeW;
        keys = queries;
      } else {
        // One row of tokens: the same arithmetic with one window that holds it all.
        sizeW = Math.max(queries, keys);
      }
      // A group may have fewer blocks than the largest one.
      int keyBlocks = firstQuery < queries ? (keys + 31) / 32 : 0;
      float longestQuery = 0;
      float longestKey = 0;
      for (int i = 0; i < ints.get(AttentionBf16.LENGTH_GROUPS); i++) {
        longestQuery = Math.max(longestQuery, scratch.get(lengthsAt + (2 * i) * heads + head));
        longestKey = Math.max(longestKey, scratch.get(lengthsAt + (2 * i + 1) * heads + head));
      }
      float bound = scale * TornadoMath.sqrt(longestQuery) * TornadoMath.sqrt(longestKey);
      int first = bound <= SAFE ? 0 : -keyBlocks;
      if (tid < 128) {
        int member = Math.min(firstQuery + tid, queries - 1);
        queryRow[tid] =
            base
                + member / (sizeW * sizeH) * strideT
                + member / sizeW % sizeH * strideH
                + member % sizeW * strideW;
      }
      if (tid < 64) {
        int member = Math.min(tid / 32 % Math.max(keyBlocks, 1) * 32 + tid % 32, keys - 1);
        keyRow[tid] =
            base
                + member / (sizeW * sizeH) * strideT
                + member / sizeW % sizeH * strideH
                + member % sizeW * strideW;
      }
      largest[tid] = bound <= SAFE ? 0 : Float.NEGATIVE_INFINITY;
      c.localBarrier();
      for (int i = tid; i < 8192; i += 256) {
        int row = i / 64;
        int word = i % 64;
        int value = 0;
        if (word < headWords) {
          value =
              q.get(ints.get(AttentionBf16.Q) + queryRow[row] * rowWords + head * headWords + word);
        }
        tile[(row / 16 * 8 + word / 8) * 128 + row % 16 * 8 + word % 8] = value;
      }
      c.localBarrier();
      HalfFloat[] q0 = c.mmaLoadA(tile, 16, warp * 4096);
      HalfFloat[] q1 = c.mmaLoadA(tile, 16, warp * 4096 + 512);
      HalfFloat[] q2 = c.mmaLoadA(tile, 16, warp * 4096 + 1024);
      HalfFloat[] q3 = c.mmaLoadA(tile, 16, warp * 4096 + 1536);
      HalfFloat[] q4 = c.mmaLoadA(tile, 16, warp * 4096 + 2048);
      HalfFloat[] q5 = c.mmaLoadA(tile, 16, warp * 4096 + 2560);
      HalfFloat[] q6 = c.mmaLoadA(tile, 16, warp * 4096 + 3072);
      HalfFloat[] q7 = c.mmaLoadA(tile, 16, warp * 4096 + 3584);
      HalfFloat[] one = c.mmaLoadB(ones, 16, 0);
      c.localBarrier();
      // The first block of keys; later ones are loaded while the one before is multiplied.
      for (int i = 0; i < 4; i++) {
        int low = 0;
        int high = 0;
        if (kWord < headWords) {
          int at = ints.get(AttentionBf16.K) + head * headWords + kWord;
          low = k.get(at + keyRow[i * 8 + kKey] * rowWords);
          high = k.get(at + keyRow[i * 8 + kKey + 1] * rowWords);
        }
        tile[kPut + i * 64] = (low & 0xffff) | (high << 16);
        tile[kPut + i * 64 + 4] = ((low >> 16) & 0xffff) | (high & 0xffff0000);
      }
      for (int i = 0; i < 8; i++) {
        int value = 0;
        if (vWord < headWords) {
          value =
              v.get(
                  ints.get(AttentionBf16.V)
                      + keyRow[vKey + 4 * i] * rowWords
                      + head * headWords
                      + vWord);
        }
        tile[vPut + i / 4 * 1024 + i % 4 * 16] = value;
      }
      c.localBarrier();
      float[] o0 = c.mmaFragment(0);
      float[] o1 = c.mmaFragment(0);
      float[] o2 = c.mmaFragment(0);
      float[] o3 = c.mmaFragment(0);
      float[] o4 = c.mmaFragment(0);
      float[] o5 = c.mmaFragment(0);
      float[] o6 = c.mmaFragment(0);
      float[] o7 = c.mmaFragment(0);
      float[] o8 = c.mmaFragment(0);
      float[] o9 = c.mmaFragment(0);
      float[] o10 = c.mmaFragment(0);
      float[] o11 = c.mmaFragment(0);
      float[] o12 = c.mmaFragment(0);
      float[] o13 = c.mmaFragment(0);
      float[] o14 = c.mmaFragment(0);
      float[] o15 = c.mmaFragment(0);
      float[] sum = c.mmaFragment(0);
      int half = 0;
      for (int block = first; block < keyBlocks; block++) {
        int slot = (block - first + 1) % 2 * 32;
        int kl0 = 0;
        int kh0 = 0;
        int kl1 = 0;
        int kh1 = 0;
        int kl2 = 0;
        int kh2 = 0;
        int kl3 = 0;
        int kh3 = 0;
        int v0 = 0;
        int v1 = 0;
        int v2 = 0;
        int v3 = 0;
        int v4 = 0;
        int v5 = 0;
        int v6 = 0;
        int v7 = 0;
        if (kWord < headWords) {
          int at = ints.get(AttentionBf16.K) + head * headWords + kWord;
          kl0 = k.get(at + keyRow[slot + kKey] * rowWords);
          kh0 = k.get(at + keyRow[slot + 1 + kKey] * rowWords);
          kl1 = k.get(at + keyRow[slot + 8 + kKey] * rowWords);
          kh1 = k.get(at + keyRow[slot + 9 + kKey] * rowWords);
          kl2 = k.get(at + keyRow[slot + 16 + kKey] * rowWords);
          kh2 = k.get(at + keyRow[slot + 17 + kKey] * rowWords);
          kl3 = k.get(at + keyRow[slot + 24 + kKey] * rowWords);
          kh3 = k.get(at + keyRow[slot + 25 + kKey] * rowWords);
        }
        if (vWord < headWords) {
          int at = ints.get(AttentionBf16.V) + head * headWords + vWord;
          v0 = v.get(at + keyRow[slot + vKey] * rowWords);
          v1 = v.get(at + keyRow[slot + 4 + vKey] * rowWords);
          v2 = v.get(at + keyRow[slot + 8 + vKey] * rowWords);
          v3 = v.get(at + keyRow[slot + 12 + vKey] * rowWords);
          v4 = v.get(at + keyRow[slot + 16 + vKey] * rowWords);
          v5 = v.get(at + keyRow[slot + 20 + vKey] * rowWords);
          v6 = v.get(at + keyRow[slot + 24 + vKey] * rowWords);
          v7 = v.get(at + keyRow[slot + 28 + vKey] * rowWords);
        }
        int from = half * 4;
        float[] s0 = c.mmaFragment(0);
        float[] s1 = c.mmaFragment(0);
        float[] s2 = c.mmaFragment(0);
        float[] s3 = c.mmaFragment(0);
        HalfFloat[] k00 = c.mmaLoadB(tile, 16, from);
        s0 = c.mmaBF16(q0, k00, s0, MMAShape.M16N8K16);
        HalfFloat[] k01 = c.mmaLoadB(tile, 16, from + 256);
        s1 = c.mmaBF16(q0, k01, s1, MMAShape.M16N8K16);
        HalfFloat[] k02 = c.mmaLoadB(tile, 16, from + 512);
        s2 = c.mmaBF16(q0, k02, s2, MMAShape.M16N8K16);
        HalfFloat[] k03 = c.mmaLoadB(tile, 16, from + 768);
        s3 = c.mmaBF16(q0, k03, s3, MMAShape.M16N8K16);
        HalfFloat[] k10 = c.mmaLoadB(tile, 16, from + 1024);
        s0 = c.mmaBF16(q1, k10, s0, MMAShape.M16N8K16);
        HalfFloat[] k11 = c.mmaLoadB(tile, 16, from + 1280);
        s1 = c.mmaBF16(q1, k11, s1, MMAShape.M16N8K16);
        HalfFloat[] k12 = c.mmaLoadB(tile, 16, from + 1536);
        s2 = c.mmaBF16(q1, k12, s2, MMAShape.M16N8K16);
        HalfFloat[] k13 = c.mmaLoadB(tile, 16, from + 1792);
        s3 = c.mmaBF16(q1, k13, s3, MMAShape.M16N8K16);
        HalfFloat[] k20 = c.mmaLoadB(tile, 16, from + 2048);
        s0 = c.mmaBF16(q2, k20, s0, MMAShape.M16N8K16);
        HalfFloat[] k21 = c.mmaLoadB(tile, 16, from + 2304);
        s1 = c.mmaBF16(q2, k21, s1, MMAShape.M16N8K16);
        HalfFloat[] k22 = c.mmaLoadB(tile, 16, from + 2560);
        s2 = c.mmaBF16(q2, k22, s2, MMAShape.M16N8K16);
        HalfFloat[] k23 = c.mmaLoadB(tile, 16, from + 2816);
        s3 = c.mmaBF16(q2, k23, s3, MMAShape.M16N8K16);
        HalfFloat[] k30 = c.mmaLoadB(tile, 16, from + 3072);
        s0 = c.mmaBF16(q3, k30, s0, MMAShape.M16N8K16);
        HalfFloat[] k31 = c.mmaLoadB(tile, 16, from + 3328);
        s1 = c.mmaBF16(q3, k31, s1, MMAShape.M16N8K16);
        HalfFloat[] k32 = c.mmaLoadB(tile, 16, from + 3584);
        s2 = c.mmaBF16(q3, k32, s2, MMAShape.M16N8K16);
        HalfFloat[] k33 = c.mmaLoadB(tile, 16, from + 3840);
        s3 = c.mmaBF16(q3, k33, s3, MMAShape.M16N8K16);
        HalfFloat[] k40 = c.mmaLoadB(tile, 16, from + 4096);
        s0 = c.mmaBF16(q4, k40, s0, MMAShape.M16N8K16);
        HalfFloat[] k41 = c.mmaLoadB(tile, 16, from + 4352);
        s1 = c.mmaBF16(q4, k41, s1, MMAShape.M16N8K16);
        HalfFloat[] k42 = c.mmaLoadB(tile, 16, from + 4608);
        s2 = c.mmaBF16(q4, k42, s2, MMAShape.M16N8K16);
        HalfFloat[] k43 = c.mmaLoadB(tile, 16, from + 4864);
        s3 = c.mmaBF16(q4, k43, s3, MMAShape.M16N8K16);
        HalfFloat[] k50 = c.mmaLoadB(tile, 16, from + 5120);
        s0 = c.mmaBF16(q5, k50, s0, MMAShape.M16N8K16);
        HalfFloat[] k51 = c.mmaLoadB(tile, 16, from + 5376);
        s1 = c.mmaBF16(q5, k51, s1, MMAShape.M16N8K16);
        HalfFloat[] k52 = c.mmaLoadB(tile, 16, from + 5632);
        s2 = c.mmaBF16(q5, k52, s2, MMAShape.M16N8K16);
        HalfFloat[] k53 = c.mmaLoadB(tile, 16, from + 5888);
        s3 = c.mmaBF16(q5, k53, s3, MMAShape.M16N8K16);
        HalfFloat[] k60 = c.mmaLoadB(tile, 16, from + 6144);
        s0 = c.mmaBF16(q6, k60, s0, MMAShape.M16N8K16);
        HalfFloat[] k61 = c.mmaLoadB(tile, 16, from + 6400);
        s1 = c.mmaBF16(q6, k61, s1, MMAShape.M16N8K16);
        HalfFloat[] k62 = c.mmaLoadB(tile, 16, from + 6656);
        s2 = c.mmaBF16(q6, k62, s2, MMAShape.M16N8K16);
        HalfFloat[] k63 = c.mmaLoadB(tile, 16, from + 6912);
        s3 = c.mmaBF16(q6, k63, s3, MMAShape.M16N8K16);
        HalfFloat[] k70 = c.mmaLoadB(tile, 16, from + 7168);
        s0 = c.mmaBF16(q7, k70, s0, MMAShape.M16N8K16);
        HalfFloat[] k71 = c.mmaLoadB(tile, 16, from + 7424);
        s1 = c.mmaBF16(q7, k71, s1, MMAShape.M16N8K16);
        HalfFloat[] k72 = c.mmaLoadB(tile, 16, from + 7680);
        s2 = c.mmaBF16(q7, k72, s2, MMAShape.M16N8K16);
        HalfFloat[] k73 = c.mmaLoadB(tile, 16, from + 7936);
        s3 = c.mmaBF16(q7, k73, s3, MMAShape.M16N8K16);
        c.mmaStore(s0, scratch, 0, warpAt, 32);
        c.mmaStore(s1, scratch, 0, warpAt + 8, 32);
        c.mmaStore(s2, scratch, 0, warpAt + 16, 32);
        c.mmaStore(s3, scratch, 0, warpAt + 24, 32);
        c.localBarrier();
        int count = keys - (block + keyBlocks) % keyBlocks * 32;
        int column = lane % 16 * 2;
        for (int i = 0; i < 8; i++) {
          int row = lane / 16 + 2 * i;
          int of = warp * 16 + row;
          float score0 = scratch.get(warpAt + row * 32 + column) * scale;
          float score1 = scratch.get(warpAt + row * 32 + column + 1) * scale;
          float p0 = 0;
          float p1 = 0;
          if (block >= 0) {
            float max = largest[of];
            p0 = column < count ? TornadoMath.exp(score0 - max) : 0;
            p1 = column + 1 < count ? TornadoMath.exp(score1 - max) : 0;
          }
          weights[warp * 256 + column / 16 * 128 + row * 8 + column % 16 / 2] =
              Bf16.word(p0, p1, c.localIdz);
        }
        if (block < 0 && tid < 128) {
          float max = largest[tid];
          for (int i = 0; i < Math.min(count, 32); i++) {
            max =
                Math.max(max, scratch.get(scratchAt + tid / 16 * 2176 + tid % 16 * 32 + i) * scale);
          }
          largest[tid] = max;
        }
        if (tid < 32) {
          int next = (block + 2 + keyBlocks) % keyBlocks;
          int member = Math.min(next * 32 + tid, keys - 1);
          keyRow[(block - first) % 2 * 32 + tid] =
              base
                  + member / (sizeW * sizeH) * strideT
                  + member / sizeW % sizeH * strideH
                  + member % sizeW * strideW;
        }
        int other = 4096 - half;
        tile[other + kPut] = (kl0 & 0xffff) | (kh0 << 16);
        tile[other + kPut + 4] = ((kl0 >> 16) & 0xffff) | (kh0 & 0xffff0000);
        tile[other + kPut + 64] = (kl1 & 0xffff) | (kh1 << 16);
        tile[other + kPut + 68] = ((kl1 >> 16) & 0xffff) | (kh1 & 0xffff0000);
        tile[other + kPut + 128] = (kl2 & 0xffff) | (kh2 << 16);
        tile[other + kPut + 132] = ((kl2 >> 16) & 0xffff) | (kh2 & 0xffff0000);
        tile[other + kPut + 192] = (kl3 & 0xffff) | (kh3 << 16);
        tile[other + kPut + 196] = ((kl3 >> 16) & 0xffff) | (kh3 & 0xffff0000);
        tile[other + vPut] = v0;
        tile[other + vPut + 16] = v1;
        tile[other + vPut + 32] = v2;
        tile[other + vPut + 48] = v3;
        tile[other + vPut + 1024] = v4;
        tile[other + vPut + 1040] = v5;
        tile[other + vPut + 1056] = v6;
        tile[other + vPut + 1072] = v7;
        c.localBarrier();
        HalfFloat[] p0 = c.mmaLoadA(weights, 16, warp * 1024);
        sum = c.mmaBF16(p0, one, sum, MMAShape.M16N8K16);
        HalfFloat[] x00 = c.mmaLoadB(tile, 16, from + 8192);
        o0 = c.mmaBF16(p0, x00, o0, MMAShape.M16N8K16);
        HalfFloat[] x01 = c.mmaLoadB(tile, 16, from + 8448);
        o1 = c.mmaBF16(p0, x01, o1, MMAShape.M16N8K16);
        HalfFloat[] x02 = c.mmaLoadB(tile, 16, from + 8704);
        o2 = c.mmaBF16(p0, x02, o2, MMAShape.M16N8K16);
        HalfFloat[] x03 = c.mmaLoadB(tile, 16, from + 8960);
        o3 = c.mmaBF16(p0, x03, o3, MMAShape.M16N8K16);
        HalfFloat[] x04 = c.mmaLoadB(tile, 16, from + 9216);
        o4 = c.mmaBF16(p0, x04, o4, MMAShape.M16N8K16);
        HalfFloat[] x05 = c.mmaLoadB(tile, 16, from + 9472);
        o5 = c.mmaBF16(p0, x05, o5, MMAShape.M16N8K16);
        HalfFloat[] x06 = c.mmaLoadB(tile, 16, from + 9728);
        o6 = c.mmaBF16(p0, x06, o6, MMAShape.M16N8K16);
        HalfFloat[] x07 = c.mmaLoadB(tile, 16, from + 9984);
        o7 = c.mmaBF16(p0, x07, o7, MMAShape.M16N8K16);
        HalfFloat[] x08 = c.mmaLoadB(tile, 16, from + 10240);
        o8 = c.mmaBF16(p0, x08, o8, MMAShape.M16N8K16);
        HalfFloat[] x09 = c.mmaLoadB(tile, 16, from + 10496);
        o9 = c.mmaBF16(p0, x09, o9, MMAShape.M16N8K16);
        HalfFloat[] x010 = c.mmaLoadB(tile, 16, from + 10752);
        o10 = c.mmaBF16(p0, x010, o10, MMAShape.M16N8K16);
        HalfFloat[] x011 = c.mmaLoadB(tile, 16, from + 11008);
        o11 = c.mmaBF16(p0, x011, o11, MMAShape.M16N8K16);
        HalfFloat[] x012 = c.mmaLoadB(tile, 16, from + 11264);
        o12 = c.mmaBF16(p0, x012, o12, MMAShape.M16N8K16);
        HalfFloat[] x013 = c.mmaLoadB(tile, 16, from + 11520);
        o13 = c.mmaBF16(p0, x013, o13, MMAShape.M16N8K16);
        HalfFloat[] x014 = c.mmaLoadB(tile, 16, from + 11776);
        o14 = c.mmaBF16(p0, x014, o14, MMAShape.M16N8K16);
        HalfFloat[] x015 = c.mmaLoadB(tile, 16, from + 12032);
        o15 = c.mmaBF16(p0, x015, o15, MMAShape.M16N8K16);
        HalfFloat[] p1 = c.mmaLoadA(weights, 16, warp * 1024 + 512);
        sum = c.mmaBF16(p1, one, sum, MMAShape.M16N8K16);
        HalfFloat[] x10 = c.mmaLoadB(tile, 16, from + 12288);
        o0 = c.mmaBF16(p1, x10, o0, MMAShape.M16N8K16);
        HalfFloat[] x11 = c.mmaLoadB(tile, 16, from + 12544);
        o1 = c.mmaBF16(p1, x11, o1, MMAShape.M16N8K16);
        HalfFloat[] x12 = c.mmaLoadB(tile, 16, from + 12800);
        o2 = c.mmaBF16(p1, x12, o2, MMAShape.M16N8K16);
        HalfFloat[] x13 = c.mmaLoadB(tile, 16, from + 13056);
        o3 = c.mmaBF16(p1, x13, o3, MMAShape.M16N8K16);
        HalfFloat[] x14 = c.mmaLoadB(tile, 16, from + 13312);
        o4 = c.mmaBF16(p1, x14, o4, MMAShape.M16N8K16);
        HalfFloat[] x15 = c.mmaLoadB(tile, 16, from + 13568);
        o5 = c.mmaBF16(p1, x15, o5, MMAShape.M16N8K16);
        HalfFloat[] x16 = c.mmaLoadB(tile, 16, from + 13824);
        o6 = c.mmaBF16(p1, x16, o6, MMAShape.M16N8K16);
        HalfFloat[] x17 = c.mmaLoadB(tile, 16, from + 14080);
        o7 = c.mmaBF16(p1, x17, o7, MMAShape.M16N8K16);
        HalfFloat[] x18 = c.mmaLoadB(tile, 16, from + 14336);
        o8 = c.mmaBF16(p1, x18, o8, MMAShape.M16N8K16);
        HalfFloat[] x19 = c.mmaLoadB(tile, 16, from + 14592);
        o9 = c.mmaBF16(p1, x19, o9, MMAShape.M16N8K16);
        HalfFloat[] x110 = c.mmaLoadB(tile, 16, from + 14848);
        o10 = c.mmaBF16(p1, x110, o10, MMAShape.M16N8K16);
        HalfFloat[] x111 = c.mmaLoadB(tile, 16, from + 15104);
        o11 = c.mmaBF16(p1, x111, o11, MMAShape.M16N8K16);
        HalfFloat[] x112 = c.mmaLoadB(tile, 16, from + 15360);
        o12 = c.mmaBF16(p1, x112, o12, MMAShape.M16N8K16);
        HalfFloat[] x113 = c.mmaLoadB(tile, 16, from + 15616);
        o13 = c.mmaBF16(p1, x113, o13, MMAShape.M16N8K16);
        HalfFloat[] x114 = c.mmaLoadB(tile, 16, from + 15872);
        o14 = c.mmaBF16(p1, x114, o14, MMAShape.M16N8K16);
        HalfFloat[] x115 = c.mmaLoadB(tile, 16, from + 16128);
        o15 = c.mmaBF16(p1, x115, o15, MMAShape.M16N8K16);
        half = other;
      }
      c.localBarrier();
      c.mmaStore(o0, scratch, warp * 16, scratchAt, 136);
      c.mmaStore(o1, scratch, warp * 16, scratchAt + 8, 136);
      c.mmaStore(o2, scratch, warp * 16, scratchAt + 16, 136);
      c.mmaStore(o3, scratch, warp * 16, scratchAt + 24, 136);
      c.mmaStore(o4, scratch, warp * 16, scratchAt + 32, 136);
      c.mmaStore(o5, scratch, warp * 16, scratchAt + 40, 136);
      c.mmaStore(o6, scratch, warp * 16, scratchAt + 48, 136);
      c.mmaStore(o7, scratch, warp * 16, scratchAt + 56, 136);
      c.mmaStore(o8, scratch, warp * 16, scratchAt + 64, 136);
      c.mmaStore(o9, scratch, warp * 16, scratchAt + 72, 136);
      c.mmaStore(o10, scratch, warp * 16, scratchAt + 80, 136);
      c.mmaStore(o11, scratch, warp * 16, scratchAt + 88, 136);
      c.mmaStore(o12, scratch, warp * 16, scratchAt + 96, 136);
      c.mmaStore(o13, scratch, warp * 16, scratchAt + 104, 136);
      c.mmaStore(o14, scratch, warp * 16, scratchAt + 112, 136);
      c.mmaStore(o15, scratch, warp * 16, scratchAt + 120, 136);
      c.mmaStore(sum, scratch, warp * 16, scratchAt + 128, 136);
      c.localBarrier();
      float share = floats.get(1);
      for (int i = tid; i < 8192; i += 256) {
        int row = i / 64;
        int word = i % 64;
        if (word < headWords && firstQuery + row < queries) {
          int at = scratchAt + row * 136;
          float factor = share / scratch.get(at + 128);
          float y0 = scratch.get(at + 2 * word) * factor;
          float y1 = scratch.get(at + 2 * word + 1) * factor;
          int to = ints.get(AttentionBf16.Y) + queryRow[row] * rowWords + head * headWords + word;
          if (ints.get(AttentionBf16.ADDS) == 1) {
            int before = y.get(to);
            y0 += Bf16.low(before);
            y1 += Bf16.high(before);
          }
          y.set(to, Bf16.word(y0, y1, c.localIdz));
        }
      }
      c.localBarrier();
    }
    Ticket.stamp(c.globalIdx, ints);
  }
}
