package org.t3jvm.bench.peak;

import java.util.concurrent.atomic.AtomicLong;
import org.t3jvm.tensor.cpu.vector.FmaLoop;

/** The most floating-point operations a second that Java reaches here, see {@link FmaLoop}. */
public final class FmaPeak {
  private static final int ITERATIONS = 10_000;
  private static final double FLOP = ITERATIONS * FmaLoop.FLOP;

  /** Long beside the microseconds that starting and joining threads takes. */
  private static final int BURST = 250;

  private static final long SAMPLE_NANOS = 50_000_000;

  /** Samples without a better one among them after which the compiler is taken to be done. */
  private static final int PATIENCE = 20;

  private static final int MAX_SAMPLES = 200;
  private static final double BETTER = 1.01;

  private FmaPeak() {}

  /** Operations of one {@link #burst}. */
  public static double burstFlop(Team team) {
    return FLOP * BURST * team.threads();
  }

  /** A fixed amount of multiply-adds on every thread, some milliseconds long. */
  public static void burst(Team team) {
    team.run(part -> FmaLoop.repeat(BURST, ITERATIONS));
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
            FmaLoop.repeat(1, ITERATIONS);
            own++;
          } while (System.nanoTime() - start < SAMPLE_NANOS);
          calls.addAndGet(own);
        });
    return FLOP * calls.get() / (System.nanoTime() - start);
  }
}
