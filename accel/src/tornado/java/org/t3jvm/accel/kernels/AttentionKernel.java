package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.AttentionSlots.Attention;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Attention with an online softmax: scores live in local memory, 64 queries by 64 keys. */
public final class AttentionKernel {
  private AttentionKernel() {}

  /**
   * Attention of blocks of 64 queries of a group of token rows to all keys of the group. A work
   * group of 256 threads computes 128 columns of one head; grid x are groups times blocks, grid y
   * heads times blocks of columns. A thread has 4 queries by 4 keys of the scores, and 4 queries by
   * 8 columns of the result, 16 apart.
   *
   * <p>ints: {@link Attention}. floats: scale of the scores, share of the result.
   */
  public static void attention(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray q,
      FloatArray k,
      FloatArray v,
      FloatArray bias,
      FloatArray y) {
    float[] scores = c.allocateFloatLocalArray(4160);
    float[] tile = c.allocateFloatLocalArray(2048);
    float[] rowMax = c.allocateFloatLocalArray(64);
    float[] rowSum = c.allocateFloatLocalArray(64);
    float[] rowScale = c.allocateFloatLocalArray(64);
    int[] queryRow = c.allocateIntLocalArray(64);
    int[] keyRow = c.allocateIntLocalArray(64);
    int tid = c.localIdx;
    int tx = tid % 16;
    int ty = tid / 16;
    int d = ints.get(Attention.HEAD_DIM);
    int columns = ints.get(Attention.HEADS) * d;
    int columnBlocks = (d + 127) / 128;
    int slice = ints.get(Launch.FIRST_Y) + c.groupIdy;
    int head = slice / columnBlocks;
    int firstColumn = (slice % columnBlocks) * 128;
    int blocks = ints.get(Attention.BLOCKS);
    int block = ints.get(Launch.FIRST_X) + c.groupIdx;
    int group = block / blocks;
    int firstQuery = (block % blocks) * 64;
    int queries = ints.get(Attention.QUERIES);
    int keys = ints.get(Attention.KEYS);
    int windowed = queries == 0 ? 1 : 0;
    int gridH = ints.get(Attention.GRID_H);
    int gridW = ints.get(Attention.GRID_W);
    int sizeH = 1;
    int sizeW = 1;
    int base = 0;
    int strideT = 0;
    int strideH = 0;
    int strideW = 1;
    if (windowed == 1) {
      int gridT = ints.get(Attention.GRID_T);
      int nt = ints.get(Attention.WINDOWS_T);
      int nh = ints.get(Attention.WINDOWS_H);
      int nw = ints.get(Attention.WINDOWS_W);
      int gw = group % nw;
      int gh = (group / nw) % nh;
      int gt = group / (nw * nh);
      int sizeT;
      if (ints.get(Attention.DILATED) == 1) {
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
    }
    if (tid < 64) {
      int member = firstQuery + tid;
      int row = -1;
      if (member < queries) {
        row = member;
        if (windowed == 1) {
          row =
              base
                  + member / (sizeW * sizeH) * strideT
                  + (member / sizeW) % sizeH * strideH
                  + member % sizeW * strideW;
        }
      }
      queryRow[tid] = row;
      rowMax[tid] = Float.NEGATIVE_INFINITY;
      rowSum[tid] = 0;
    }
    float[] sums = new float[32];
    for (int i = 0; i < 32; i++) {
      sums[i] = 0;
    }
    float scale = floats.get(0);
    int biased = ints.get(Attention.HAS_BIAS);
    int biasAt = ints.get(Attention.BIAS) + head * ints.get(Attention.BIAS_HEAD);
    int biasRow = ints.get(Attention.BIAS_QUERY);
    for (int k0 = 0; k0 < keys; k0 += 64) {
      if (tid < 64) {
        int member = k0 + tid;
        int row = -1;
        if (member < keys) {
          row = member;
          if (windowed == 1) {
            row =
                base
                    + member / (sizeW * sizeH) * strideT
                    + (member / sizeW) % sizeH * strideH
                    + member % sizeW * strideW;
          }
        }
        keyRow[tid] = row;
      }
      c.localBarrier();
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
      for (int d0 = 0; d0 < d; d0 += 16) {
        int column = d0 + tx;
        for (int i = 0; i < 4; i++) {
          int r = ty + 16 * i;
          float left = 0;
          if (queryRow[r] >= 0 && column < d) {
            left = q.get(ints.get(Attention.Q) + queryRow[r] * columns + head * d + column);
          }
          tile[tx * 64 + r] = left;
          float right = 0;
          if (keyRow[r] >= 0 && column < d) {
            right = k.get(ints.get(Attention.K) + keyRow[r] * columns + head * d + column);
          }
          tile[1024 + tx * 64 + r] = right;
        }
        c.localBarrier();
        for (int p = 0; p < 16; p++) {
          float a0 = tile[p * 64 + ty];
          float a1 = tile[p * 64 + ty + 16];
          float a2 = tile[p * 64 + ty + 32];
          float a3 = tile[p * 64 + ty + 48];
          float b0 = tile[1024 + p * 64 + tx];
          float b1 = tile[1024 + p * 64 + tx + 16];
          float b2 = tile[1024 + p * 64 + tx + 32];
          float b3 = tile[1024 + p * 64 + tx + 48];
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
      for (int j = 0; j < 4; j++) {
        int key = tx + 16 * j;
        float v0 = j == 0 ? s00 : j == 1 ? s01 : j == 2 ? s02 : s03;
        float v1 = j == 0 ? s10 : j == 1 ? s11 : j == 2 ? s12 : s13;
        float v2 = j == 0 ? s20 : j == 1 ? s21 : j == 2 ? s22 : s23;
        float v3 = j == 0 ? s30 : j == 1 ? s31 : j == 2 ? s32 : s33;
        scores[ty * 65 + key] = v0 * scale;
        scores[(ty + 16) * 65 + key] = v1 * scale;
        scores[(ty + 32) * 65 + key] = v2 * scale;
        scores[(ty + 48) * 65 + key] = v3 * scale;
      }
      c.localBarrier();
      if (tid < 64) {
        int row = queryRow[tid];
        int count = keys - k0 < 64 ? keys - k0 : 64;
        float before = rowMax[tid];
        float max = before;
        for (int j = 0; j < count; j++) {
          float s = scores[tid * 65 + j];
          if (biased == 1 && row >= 0) {
            s += bias.get(biasAt + row * biasRow + k0 + j);
            scores[tid * 65 + j] = s;
          }
          if (s > max) {
            max = s;
          }
        }
        float shrink = 1;
        if (max > before) {
          shrink = TornadoMath.exp(before - max);
        }
        float sum = rowSum[tid] * shrink;
        for (int j = 0; j < 64; j++) {
          float p = 0;
          if (j < count) {
            float s = scores[tid * 65 + j];
            if (s != Float.NEGATIVE_INFINITY) {
              p = TornadoMath.exp(s - max);
            }
          }
          scores[tid * 65 + j] = p;
          sum += p;
        }
        rowMax[tid] = max;
        rowSum[tid] = sum;
        rowScale[tid] = shrink;
      }
      c.localBarrier();
      for (int i = 0; i < 4; i++) {
        float shrink = rowScale[ty + 16 * i];
        for (int j = 0; j < 8; j++) {
          sums[i * 8 + j] *= shrink;
        }
      }
      for (int p0 = 0; p0 < 64; p0 += 16) {
        for (int j = 0; j < 8; j++) {
          int column = firstColumn + tx + 16 * j;
          float value = 0;
          if (keyRow[p0 + ty] >= 0 && column < d) {
            value = v.get(ints.get(Attention.V) + keyRow[p0 + ty] * columns + head * d + column);
          }
          tile[ty * 128 + tx + 16 * j] = value;
        }
        c.localBarrier();
        for (int p = 0; p < 16; p++) {
          for (int i = 0; i < 4; i++) {
            float weight = scores[(ty + 16 * i) * 65 + p0 + p];
            for (int j = 0; j < 8; j++) {
              sums[i * 8 + j] += weight * tile[p * 128 + tx + 16 * j];
            }
          }
        }
        c.localBarrier();
      }
    }
    float share = floats.get(1);
    int adds = ints.get(Attention.ADDS);
    for (int i = 0; i < 4; i++) {
      int r = ty + 16 * i;
      int row = queryRow[r];
      if (row >= 0) {
        float whole = rowSum[r];
        for (int j = 0; j < 8; j++) {
          int column = firstColumn + tx + 16 * j;
          if (column < d) {
            int at = ints.get(Attention.Y) + row * columns + head * d + column;
            float value = share * sums[i * 8 + j] / whole;
            if (adds == 1) {
              value += y.get(at);
            }
            y.set(at, value);
          }
        }
      }
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
