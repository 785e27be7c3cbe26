package org.t3jvm.tensor.cpu.run;

import java.util.OptionalDouble;
import org.t3jvm.tensor.cpu.vector.FmaLoop;
import org.t3jvm.tensor.cpu.vector.RateMeter;

/**
 * What all workers of a pool reach together in fused multiply-adds on registers: two threads of one
 * core reach little more than one.
 */
public final class PoolPeak {
  private static final int ITERATIONS = 1000;
  private static final double GIGA = 1e9;

  /**
   * GFLOP/s a thread that vectors of every processor exceed, and code that the second compiler has
   * not reached does not.
   */
  private static final double LEAST_RATE = 4;

  /** Measurements without a better one after which all threads run compiled code. */
  private static final int STEADY = 2;

  private static final double BETTER = 1.05;
  private static final int MOST_MEASUREMENTS = 20;

  private PoolPeak() {}

  /** Floating-point operations a second; empty if the machine is too busy to compile the loop. */
  public static OptionalDouble of(WorkerPool pool) {
    int threads = pool.threads();
    RateMeter meter = new RateMeter(System::nanoTime);
    double best = LEAST_RATE * threads;
    int since = 0;
    for (int i = 0; i < MOST_MEASUREMENTS; i++) {
      double rate =
          meter.rate(
              threads * ITERATIONS * FmaLoop.FLOP,
              times -> pool.run(threads, (task, worker) -> FmaLoop.repeat(times, ITERATIONS)));
      if (rate > best * BETTER) {
        best = rate;
        since = 0;
      } else if (best > LEAST_RATE * threads && ++since == STEADY) {
        return OptionalDouble.of(GIGA * best);
      }
    }
    return OptionalDouble.empty();
  }
}
