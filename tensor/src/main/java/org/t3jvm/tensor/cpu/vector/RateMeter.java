package org.t3jvm.tensor.cpu.vector;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Measures how fast a kernel is.
 *
 * @param clock nanoseconds that this thread has worked
 */
public record RateMeter(LongSupplier clock) {
  /** Time that makes the compiler take notice. */
  private static final long WARM_NANOS = 120_000_000;

  private static final long SAMPLE_NANOS = 4_000_000;
  private static final int SAMPLES = 6;

  /** By this thread's processor time, which other processes do not lengthen; else plain time. */
  public static RateMeter ofThread() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return new RateMeter(
        threads.isCurrentThreadCpuTimeSupported()
            ? threads::getCurrentThreadCpuTime
            : System::nanoTime);
  }

  /**
   * GFLOP/s: the best of some samples, once warm.
   *
   * @param flop operations of doing the work once
   * @param work does it so many times
   */
  public double rate(double flop, IntConsumer work) {
    int times = 1;
    long start = clock.getAsLong();
    long nanos = 0;
    while (clock.getAsLong() - start < WARM_NANOS) {
      nanos = sample(work, times);
      if (nanos < SAMPLE_NANOS) {
        times = Math.multiplyExact(times, 2);
      }
    }
    for (int i = 0; i < SAMPLES; i++) {
      nanos = Math.min(nanos, sample(work, times));
    }
    return flop * times / Math.max(1, nanos);
  }

  private long sample(IntConsumer work, int times) {
    long start = clock.getAsLong();
    work.accept(times);
    return clock.getAsLong() - start;
  }
}
