package org.t3jvm.accel.kernels;

import org.t3jvm.accel.lower.Launch;
import org.t3jvm.accel.slots.RowSlots.Norm;
import org.t3jvm.accel.slots.RowSlots.Reduce;
import org.t3jvm.accel.slots.RowSlots.Rope;
import org.t3jvm.accel.slots.RowSlots.Softmax;
import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Kernels along one axis. A work group of 64 threads shares each row, where rows are shared. */
public final class RowKernels {
  private RowKernels() {}

  /**
   * Norms of rows. ints: {@link Norm}, whose kind is 0 RMS, 1 layer, 2 L2, 3 the factor of RMS
   * alone, one a row. floats: eps, square root of D.
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
    int d = ints.get(Norm.WIDTH);
    int kind = ints.get(Norm.KIND);
    int row = ints.get(Launch.FIRST_X) + c.groupIdx;
    int xAt = ints.get(Norm.X) + row * d;
    int yAt = ints.get(Norm.Y) + row * d;
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
        y.set(ints.get(Norm.Y) + row, scale);
      }
      d = 0;
    }
    int weighted = ints.get(Norm.HAS_WEIGHT);
    int biased = ints.get(Norm.HAS_BIAS);
    for (int i = tid; i < d; i += 64) {
      float value = (x.get(xAt + i) - mean) * scale;
      if (weighted == 1) {
        value = value * weight.get(ints.get(Norm.WEIGHT) + i);
      }
      if (biased == 1) {
        value = value + bias.get(ints.get(Norm.BIAS) + i);
      }
      y.set(yAt + i, value);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /** Softmax of rows; ints: {@link Softmax}. */
  public static void softmax(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    float[] shared = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int d = ints.get(Softmax.WIDTH);
    int row = ints.get(Launch.FIRST_X) + c.groupIdx;
    int xAt = ints.get(Softmax.X) + row * d;
    int yAt = ints.get(Softmax.Y) + row * d;
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
   * Reduces the middle axis of [outer, extent, inner], a work group for each result. ints: {@link
   * Reduce}, whose function is 0 sum, 1 mean, 2 maximum.
   */
  public static void reduce(
      KernelContext c, IntArray ints, FloatArray floats, FloatArray x, FloatArray y) {
    float[] shared = c.allocateFloatLocalArray(64);
    int tid = c.localIdx;
    int extent = ints.get(Reduce.EXTENT);
    int inner = ints.get(Reduce.INNER);
    int kind = ints.get(Reduce.KIND);
    int result = ints.get(Launch.FIRST_X) + c.groupIdx;
    int xAt = ints.get(Reduce.X) + result / inner * extent * inner + result % inner;
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
      y.set(ints.get(Reduce.Y) + result, kind == 1 ? whole / extent : whole);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }

  /**
   * Turns pairs of neighbours by angles of a table [positions, pairs, (cos, sin)] for each axis of
   * the token grid. ints: {@link Rope}.
   */
  public static void rope(
      KernelContext c,
      IntArray ints,
      FloatArray floats,
      FloatArray x,
      FloatArray table,
      FloatArray y) {
    int count = ints.get(Rope.COUNT);
    int heads = ints.get(Rope.HEADS);
    int pairs = ints.get(Rope.PAIRS);
    int pairsT = ints.get(Rope.PAIRS_T);
    int pairsH = ints.get(Rope.PAIRS_H);
    int gridH = ints.get(Rope.GRID_H);
    int gridW = ints.get(Rope.GRID_W);
    int threads = ints.get(Launch.THREADS);
    for (int i = ints.get(Launch.FIRST_X) * 64 + c.globalIdx; i < count; i += threads) {
      int pair = i % pairs;
      int row = i / (pairs * heads);
      int at = ints.get(Rope.TABLE);
      if (pair < pairsT) {
        at += (row / (gridH * gridW) * pairsT + pair) * 2;
      } else if (pair < pairsT + pairsH) {
        at += ints.get(Rope.START_H) + (row / gridW % gridH * pairsH + pair - pairsT) * 2;
      } else {
        at += ints.get(Rope.START_W) + (row % gridW * pairsH + pair - pairsT - pairsH) * 2;
      }
      float cos = table.get(at);
      float sin = table.get(at + 1);
      float even = x.get(ints.get(Rope.X) + 2 * i);
      float odd = x.get(ints.get(Rope.X) + 2 * i + 1);
      y.set(ints.get(Rope.Y) + 2 * i, even * cos - odd * sin);
      y.set(ints.get(Rope.Y) + 2 * i + 1, even * sin + odd * cos);
    }
    Ticket.stamp(c.globalIdx + c.globalIdy + c.globalIdz, ints);
  }
}
