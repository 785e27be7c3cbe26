package org.t3jvm.tensor.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Fused multiply-adds on registers alone, at the backend's vector width: no kernel is faster, so
 * kernels are measured against it.
 */
public final class FmaLoop {
  /** Enough to hide the latency, few enough for 16 registers. */
  private static final int ACCUMULATORS = 12;

  /** Floating-point operations of one iteration. */
  public static final double FLOP = 2.0 * ACCUMULATORS * Lanes.COUNT;

  /** Keeps the compiler from dropping the loop. */
  @SuppressWarnings("UnusedVariable")
  private static volatile float sink;

  private FmaLoop() {}

  /** Bits of one vector. */
  public static int vectorBits() {
    return Lanes.F.vectorBitSize();
  }

  /** Runs the loop {@code times} times. */
  public static void repeat(int times, int iterations) {
    for (int i = 0; i < times; i++) {
      sink = run(iterations);
    }
  }

  private static float run(int iterations) {
    FloatVector m = FloatVector.broadcast(Lanes.F, 0.999f);
    FloatVector c = FloatVector.broadcast(Lanes.F, 0.001f);
    FloatVector a0 = c;
    FloatVector a1 = c.add(1);
    FloatVector a2 = c.add(2);
    FloatVector a3 = c.add(3);
    FloatVector a4 = c.add(4);
    FloatVector a5 = c.add(5);
    FloatVector a6 = c.add(6);
    FloatVector a7 = c.add(7);
    FloatVector a8 = c.add(8);
    FloatVector a9 = c.add(9);
    FloatVector a10 = c.add(10);
    FloatVector a11 = c.add(11);
    for (int i = 0; i < iterations; i++) {
      a0 = a0.fma(m, c);
      a1 = a1.fma(m, c);
      a2 = a2.fma(m, c);
      a3 = a3.fma(m, c);
      a4 = a4.fma(m, c);
      a5 = a5.fma(m, c);
      a6 = a6.fma(m, c);
      a7 = a7.fma(m, c);
      a8 = a8.fma(m, c);
      a9 = a9.fma(m, c);
      a10 = a10.fma(m, c);
      a11 = a11.fma(m, c);
    }
    FloatVector low = a0.add(a1).add(a2.add(a3)).add(a4.add(a5));
    FloatVector high = a6.add(a7).add(a8.add(a9)).add(a10.add(a11));
    return low.add(high).reduceLanes(VectorOperators.ADD);
  }
}
