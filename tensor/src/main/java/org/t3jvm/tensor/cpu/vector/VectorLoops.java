package org.t3jvm.tensor.cpu.vector;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;
import static org.t3jvm.tensor.cpu.vector.Lanes.first;
import static org.t3jvm.tensor.cpu.vector.Lanes.load;
import static org.t3jvm.tensor.cpu.vector.Lanes.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Arithmetic over runs of {@code n} floats: operand a from element {@code ia} on, b from {@code
 * ib}, c from {@code ic}, result y from {@code iy}. The result may lie exactly over an operand.
 *
 * <p>Each function has its own loop, as C2 keeps vectors in registers only where the operation is
 * fixed.
 */
public final class VectorLoops {
  private VectorLoops() {}

  /** {@code a + b}. */
  public static void add(
      MemorySegment a, long ia, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).add(load(b, ib + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).add(load(b, ib + i, m)), y, iy + i, m);
    }
  }

  /** {@code a - b}. */
  public static void subtract(
      MemorySegment a, long ia, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).sub(load(b, ib + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).sub(load(b, ib + i, m)), y, iy + i, m);
    }
  }

  /** {@code a b}. */
  public static void multiply(
      MemorySegment a, long ia, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).mul(load(b, ib + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).mul(load(b, ib + i, m)), y, iy + i, m);
    }
  }

  /** {@code a / b}. */
  public static void divide(
      MemorySegment a, long ia, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).div(load(b, ib + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).div(load(b, ib + i, m)), y, iy + i, m);
    }
  }

  /** {@code a / divisor}. */
  public static void divide(
      MemorySegment a, long ia, float divisor, MemorySegment y, long iy, long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).div(divisor), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).div(divisor), y, iy + i, m);
    }
  }

  /** {@code dividend / b}. */
  public static void divide(
      float dividend, MemorySegment b, long ib, MemorySegment y, long iy, long n) {
    FloatVector a = FloatVector.broadcast(F, dividend);
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(a.div(load(b, ib + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(a.div(load(b, ib + i, m)), y, iy + i, m);
    }
  }

  /** {@code a * scale + offset}, rounded once. */
  public static void affine(
      MemorySegment a, long ia, float scale, float offset, MemorySegment y, long iy, long n) {
    FloatVector s = FloatVector.broadcast(F, scale);
    FloatVector t = FloatVector.broadcast(F, offset);
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).fma(s, t), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).fma(s, t), y, iy + i, m);
    }
  }

  /** {@code a b + c}, rounded once. */
  public static void multiplyAdd(
      MemorySegment a,
      long ia,
      MemorySegment b,
      long ib,
      MemorySegment c,
      long ic,
      MemorySegment y,
      long iy,
      long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).fma(load(b, ib + i), load(c, ic + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      store(load(a, ia + i, m).fma(load(b, ib + i, m), load(c, ic + i, m)), y, iy + i, m);
    }
  }

  /** {@code a (1 + b) + c}. */
  public static void modulate(
      MemorySegment a,
      long ia,
      MemorySegment b,
      long ib,
      MemorySegment c,
      long ic,
      MemorySegment y,
      long iy,
      long n) {
    long i = 0;
    for (; i + COUNT <= n; i += COUNT) {
      store(load(a, ia + i).fma(load(b, ib + i).add(1f), load(c, ic + i)), y, iy + i);
    }
    if (i < n) {
      VectorMask<Float> m = first(n - i);
      FloatVector factor = load(b, ib + i, m).add(1f);
      store(load(a, ia + i, m).fma(factor, load(c, ic + i, m)), y, iy + i, m);
    }
  }
}
