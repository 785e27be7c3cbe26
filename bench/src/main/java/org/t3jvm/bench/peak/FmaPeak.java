package org.t3jvm.bench.peak;

import java.util.concurrent.atomic.AtomicLong;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.t3jvm.tensor.cpu.Lanes;

/**
 * The most floating-point operations a second that Java reaches here: a loop of fused multiply-adds
 * on registers alone, at the vector width of the {@code cpu} backend.
 */
public final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = Lanes.F;

  /** Enough to hide the latency, few enough for 16 registers. */
  private static final int ACCUMULATORS = 12;

  private static final int ITERATIONS = 10_000;
  private static final double FLOP = 2.0 * ITERATIONS * ACCUMULATORS * SPECIES.length();

  /** Long beside the microseconds that starting and joining threads takes. */
  private static final int BURST = 250;

  private static final long SAMPLE_NANOS = 50_000_000;

  /** Samples without a better one among them after which the compiler is taken to be done. */
  private static final int PATIENCE = 20;

  private static final int MAX_SAMPLES = 200;
  private static final double BETTER = 1.01;

  /** Keeps the compiler from dropping the loop. */
  private static volatile float sink;

  private FmaPeak() {}

  /** Bits of one vector. */
  public static int vectorBits() {
    return SPECIES.vectorBitSize();
  }

  /** Operations of one {@link #burst}. */
  public static double burstFlop(Team team) {
    return FLOP * BURST * team.threads();
  }

  /** A fixed amount of multiply-adds on every thread, some milliseconds long. */
  public static void burst(Team team) {
    team.run(
        part -> {
          for (int i = 0; i < BURST; i++) {
            sink = spin(ITERATIONS);
          }
        });
  }

  /** GFLOP/s of all threads of the team together: the best of many short samples. */
  public static double measure(Team team) {
    double best = 0;
    int since = 0;
    for (int i = 0; i < MAX_SAMPLES && since < PATIENCE; i++) {
      double rate = sample(team);
      since = rate > BETTER * best ? 0 : since + 1;
      best = Math.max(best, rate);
    }
    return best;
  }

  private static double sample(Team team) {
    AtomicLong calls = new AtomicLong();
    long start = System.nanoTime();
    team.run(
        part -> {
          int own = 0;
          do {
            sink = spin(ITERATIONS);
            own++;
          } while (System.nanoTime() - start < SAMPLE_NANOS);
          calls.addAndGet(own);
        });
    return FLOP * calls.get() / (System.nanoTime() - start);
  }

  private static float spin(int iterations) {
    FloatVector m = FloatVector.broadcast(SPECIES, 0.999f);
    FloatVector c = FloatVector.broadcast(SPECIES, 0.001f);
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
