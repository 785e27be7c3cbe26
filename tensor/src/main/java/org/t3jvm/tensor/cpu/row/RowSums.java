package org.t3jvm.tensor.cpu.row;

import static org.t3jvm.tensor.cpu.vector.Lanes.COUNT;
import static org.t3jvm.tensor.cpu.vector.Lanes.F;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Sums over contiguous floats, in a fixed order. Four accumulators keep four additions in flight
 * and shorten each chain of roundings.
 */
final class RowSums {
  /** Elements after which partial sums go into a double, so that long rows stay exact. */
  private static final long BLOCK = 1 << 14;

  private RowSums() {}

  /** Sum of {@code n} floats from {@code base} on; {@code scratch} holds {@link Lanes#COUNT}. */
  static double sum(MemorySegment x, long base, long n, float[] scratch) {
    double total = 0;
    for (long done = 0; done < n; done += BLOCK) {
      total += blockSum(x, base + done, Math.min(BLOCK, n - done), scratch);
    }
    return total;
  }

  /** Sum of the squares of {@code x - mean}. */
  static double squares(MemorySegment x, long base, long n, float mean, float[] scratch) {
    double total = 0;
    for (long done = 0; done < n; done += BLOCK) {
      total += blockSquares(x, base + done, Math.min(BLOCK, n - done), mean, scratch);
    }
    return total;
  }

  /** Sum of {@code (x - mean) y}. */
  static double products(
      MemorySegment x, long ix, float mean, MemorySegment y, long iy, long n, float[] scratch) {
    double total = 0;
    for (long done = 0; done < n; done += BLOCK) {
      long count = Math.min(BLOCK, n - done);
      total += blockProducts(x, ix + done, mean, y, iy + done, count, scratch);
    }
    return total;
  }

  private static float blockSum(MemorySegment x, long base, long n, float[] scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    long i = 0;
    for (; i + 4L * COUNT <= n; i += 4L * COUNT) {
      s0 = s0.add(Lanes.load(x, base + i));
      s1 = s1.add(Lanes.load(x, base + i + COUNT));
      s2 = s2.add(Lanes.load(x, base + i + 2L * COUNT));
      s3 = s3.add(Lanes.load(x, base + i + 3L * COUNT));
    }
    for (; i + COUNT <= n; i += COUNT) {
      s0 = s0.add(Lanes.load(x, base + i));
    }
    if (i < n) {
      s1 = s1.add(Lanes.load(x, base + i, Lanes.first(n - i)));
    }
    s0.add(s1).add(s2.add(s3)).intoArray(scratch, 0);
    return Lanes.sum(scratch);
  }

  private static float blockSquares(
      MemorySegment x, long base, long n, float mean, float[] scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    long i = 0;
    for (; i + 4L * COUNT <= n; i += 4L * COUNT) {
      FloatVector v0 = Lanes.load(x, base + i).sub(mean);
      FloatVector v1 = Lanes.load(x, base + i + COUNT).sub(mean);
      FloatVector v2 = Lanes.load(x, base + i + 2L * COUNT).sub(mean);
      FloatVector v3 = Lanes.load(x, base + i + 3L * COUNT).sub(mean);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
      s2 = v2.fma(v2, s2);
      s3 = v3.fma(v3, s3);
    }
    for (; i + COUNT <= n; i += COUNT) {
      FloatVector v = Lanes.load(x, base + i).sub(mean);
      s0 = v.fma(v, s0);
    }
    if (i < n) {
      VectorMask<Float> rest = Lanes.first(n - i);
      FloatVector v = Lanes.load(x, base + i, rest).sub(mean, rest);
      s1 = v.fma(v, s1);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(scratch, 0);
    return Lanes.sum(scratch);
  }

  private static float blockProducts(
      MemorySegment x, long ix, float mean, MemorySegment y, long iy, long n, float[] scratch) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    long i = 0;
    for (; i + 4L * COUNT <= n; i += 4L * COUNT) {
      FloatVector v0 = Lanes.load(x, ix + i).sub(mean);
      FloatVector v1 = Lanes.load(x, ix + i + COUNT).sub(mean);
      FloatVector v2 = Lanes.load(x, ix + i + 2L * COUNT).sub(mean);
      FloatVector v3 = Lanes.load(x, ix + i + 3L * COUNT).sub(mean);
      s0 = v0.fma(Lanes.load(y, iy + i), s0);
      s1 = v1.fma(Lanes.load(y, iy + i + COUNT), s1);
      s2 = v2.fma(Lanes.load(y, iy + i + 2L * COUNT), s2);
      s3 = v3.fma(Lanes.load(y, iy + i + 3L * COUNT), s3);
    }
    for (; i + COUNT <= n; i += COUNT) {
      s0 = Lanes.load(x, ix + i).sub(mean).fma(Lanes.load(y, iy + i), s0);
    }
    if (i < n) {
      VectorMask<Float> rest = Lanes.first(n - i);
      s1 = Lanes.load(x, ix + i, rest).sub(mean).fma(Lanes.load(y, iy + i, rest), s1);
    }
    s0.add(s1).add(s2.add(s3)).intoArray(scratch, 0);
    return Lanes.sum(scratch);
  }
}
