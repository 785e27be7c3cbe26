package org.t3jvm.accel.kernels;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels along one axis. A work group of 64 threads shares each row, where rows are shared. */
public final class RowKernels {
  private RowKernels() {}

  /**
   * Norms of rows. ints: offsets of y, x, weight and bias; 4: D; 5: 0 RMS, 1 layer, 2 L2, 3 the
   * factor of RMS alone, one a row; 6: 1 if there is a weight; 7: 1 if there is a bias. floats:
   * eps, square root of D.
   */
  public static void normRows(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray weight,
      FloatArray bias,
      FloatArray y) {
    float[] sums = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int d = ints.get(4);
    int kind = ints.get(5);
    int xAt = ints.get(1) + c.groupIdx * d;
    int yAt = ints.get(0) + c.groupIdx * d;
    float mean = 0;
    if (kind == 1) {
      float sum = 0;
      for (int i = tid; i < d; i += 64) {
        sum += x.get(xAt + i);
      }
      sums[tid] = sum;
      c.localBarrier();
      for (int half = 32; half > 0; half = half / 2) {
        if (tid < half) {
          sums[tid] += sums[tid + half];
        }
        c.localBarrier();
      }
      mean = sums[0] / d;
      c.localBarrier();
    }
    float squares = 0;
    for (int i = tid; i < d; i += 64) {
      float value = x.get(xAt + i) - mean;
      squares += value * value;
    }
    sums[tid] = squares;
    c.localBarrier();
    for (int half = 32; half > 0; half = half / 2) {
      if (tid < half) {
        sums[tid] += sums[tid + half];
      }
      c.localBarrier();
    }
    float whole = sums[0];
    float eps = floats.get(0);
    float scale = 1f / TornadoMath.sqrt(whole / d + eps);
    if (kind == 2) {
      float length = TornadoMath.sqrt(whole);
      if (length < eps) {
        length = eps;
      }
      scale = floats.get(1) / length;
    }
    if (kind == 3) {
      if (tid == 0) {
        y.set(ints.get(0) + c.groupIdx, scale);
      }
      d = 0;
    }
    int weighted = ints.get(6);
    int biased = ints.get(7);
    for (int i = tid; i < d; i += 64) {
      float value = (x.get(xAt + i) - mean) * scale;
      if (weighted == 1) {
        value = value * weight.get(ints.get(2) + i);
      }
      if (biased == 1) {
        value = value + bias.get(ints.get(3) + i);
      }
      y.set(yAt + i, value);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Softmax of rows; ints: offsets of y and x; 2: D. */
  public static void softmax(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    float[] shared = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int d = ints.get(2);
    int xAt = ints.get(1) + c.groupIdx * d;
    int yAt = ints.get(0) + c.groupIdx * d;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = tid; i < d; i += 64) {
      float value = x.get(xAt + i);
      if (value > max) {
        max = value;
      }
    }
    shared[tid] = max;
    c.localBarrier();
    for (int half = 32; half > 0; half = half / 2) {
      if (tid < half) {
        float other = shared[tid + half];
        if (other > shared[tid]) {
          shared[tid] = other;
        }
      }
      c.localBarrier();
    }
    max = shared[0];
    c.localBarrier();
    float sum = 0;
    for (int i = tid; i < d; i += 64) {
      sum += TornadoMath.exp(x.get(xAt + i) - max);
    }
    shared[tid] = sum;
    c.localBarrier();
    for (int half = 32; half > 0; half = half / 2) {
      if (tid < half) {
        shared[tid] += shared[tid + half];
      }
      c.localBarrier();
    }
    float whole = shared[0];
    for (int i = tid; i < d; i += 64) {
      y.set(yAt + i, TornadoMath.exp(x.get(xAt + i) - max) / whole);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Reduces the middle axis of [outer, extent, inner], a work group for each result. ints: offsets
   * of y and x; 2: extent, inner; 4: 0 sum, 1 mean, 2 maximum; 5: results.
   */
  public static void reduce(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    float[] shared = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int extent = ints.get(2);
    int inner = ints.get(3);
    int kind = ints.get(4);
    int result = c.groupIdx;
    int xAt = ints.get(1) + result / inner * extent * inner + result % inner;
    float value = kind == 2 ? Float.NEGATIVE_INFINITY : 0f;
    for (int i = tid; i < extent; i += 64) {
      float element = x.get(xAt + i * inner);
      if (kind == 2) {
        // NaN stays: nothing is greater, and it replaces what was there.
        if (element > value || Float.isNaN(element)) {
          value = element;
        }
      } else {
        value += element;
      }
    }
    shared[tid] = value;
    c.localBarrier();
    for (int half = 32; half > 0; half = half / 2) {
      if (tid < half) {
        float other = shared[tid + half];
        float own = shared[tid];
        if (kind == 2) {
          if (!Float.isNaN(own) && (other > own || Float.isNaN(other))) {
            own = other;
          }
        } else {
          own += other;
        }
        shared[tid] = own;
      }
      c.localBarrier();
    }
    if (tid == 0) {
      float whole = shared[0];
      y.set(ints.get(0) + result, kind == 1 ? whole / extent : whole);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Turns pairs of neighbours by angles of a table [positions, pairs, (cos, sin)] for each axis of
   * the token grid. ints: offsets of y, x and table; 3: pairs in all; 4: heads, pairs of a head,
   * pairs of t, pairs of h (and of w); 8: token grid h, w; 10: where the tables of h and of w
   * start.
   */
  public static void rope(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray table,
      FloatArray y) {
    int count = ints.get(3);
    int heads = ints.get(4);
    int pairs = ints.get(5);
    int pairsT = ints.get(6);
    int pairsH = ints.get(7);
    int gridH = ints.get(8);
    int gridW = ints.get(9);
    for (int i = c.globalIdx; i < count; i += c.globalGroupSizeX) {
      int pair = i % pairs;
      int row = i / (pairs * heads);
      int at = ints.get(2);
      if (pair < pairsT) {
        at += (row / (gridH * gridW) * pairsT + pair) * 2;
      } else if (pair < pairsT + pairsH) {
        at += ints.get(10) + (row / gridW % gridH * pairsH + pair - pairsT) * 2;
      } else {
        at += ints.get(11) + (row % gridW * pairsH + pair - pairsT - pairsH) * 2;
      }
      float cos = table.get(at);
      float sin = table.get(at + 1);
      float even = x.get(ints.get(1) + 2 * i);
      float odd = x.get(ints.get(1) + 2 * i + 1);
      y.set(ints.get(0) + 2 * i, even * cos - odd * sin);
      y.set(ints.get(0) + 2 * i + 1, even * sin + odd * cos);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
