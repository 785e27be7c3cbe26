package org.t3jvm.tensor.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.t3jvm.tensor.cpu.vector.FmaLoop;
import org.t3jvm.tensor.cpu.vector.RateMeter;
import org.t3jvm.tensor.cpu.vector.VectorWidth;

/**
 * Notices kernels that the just-in-time compiler left slow, which happens now and then, by their
 * share of the rate of {@link FmaLoop} measured in between.
 */
final class KernelCheck {
  /** Something to measure. */
  interface Probe {
    /** The kernel's name. */
    String name();

    /** Operations of one run. */
    double flop();

    /** Share of the rate of multiply-adds below which the kernel is taken to be slow. */
    double expectedShare();

    /** Does the work {@code times} times. */
    void run(int times);
  }

  /** GFLOP/s that vectors of every processor exceed, and code that is not compiled does not. */
  private static final double LEAST_RATE = 1;

  /** Of the scale's rate: units for int8 reach four times that of F32. */
  private static final double MOST_SHARE = 6;

  private static final int MOST_PAUSES = 60;
  private static final int MORE_CHANCES = 12;
  private static final long PAUSE_NANOS = 50_000_000;

  private final RateMeter meter;
  private final Runnable pause;

  /**
   * @param meter measures probes
   * @param pause leaves the processor to the compiler's threads for a moment
   */
  KernelCheck(RateMeter meter, Runnable pause) {
    this.meter = meter;
    this.pause = pause;
  }

  /** A moment in which the compiler gets on with what it has been given. */
  static void pause() {
    LockSupport.parkNanos(PAUSE_NANOS);
  }

  /** Measures probes, the first of which sets the scale, and says in lines how they did. */
  List<String> lines(List<? extends Probe> probes) {
    double[] rates = new double[probes.size()];
    rates[0] = compiled(probes.getFirst());
    if (rates[0] < LEAST_RATE) {
      return List.of("kernels not measured: the machine is too busy to compile them; try again");
    }
    for (int i = 1; i < rates.length; i++) {
      rates[i] = measure(probes.get(i));
    }
    for (int i = 0; i < MORE_CHANCES && measureOutliers(probes, rates); i++) {
      pause.run();
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT, "%s: %.0f GFLOP/s a thread", probes.getFirst().name(), rates[0]));
    for (int i = 1; i < rates.length; i++) {
      lines.add(line(probes.get(i), rates[i] / rates[0]));
    }
    return lines;
  }

  /**
   * Measures again what is not credible beside the scale, and the scale: the compiler may have been
   * late for either, or the machine busy.
   *
   * @return false if all is credible
   */
  private boolean measureOutliers(List<? extends Probe> probes, double[] rates) {
    boolean found = false;
    for (int i = 1; i < rates.length; i++) {
      double share = rates[i] / rates[0];
      if (share < probes.get(i).expectedShare() || share > MOST_SHARE) {
        found = true;
        rates[i] = Math.max(rates[i], measure(probes.get(i)));
      }
    }
    if (found) {
      rates[0] = Math.max(rates[0], measure(probes.getFirst()));
    }
    return found;
  }

  private static String line(Probe probe, double share) {
    String measured = String.format(Locale.ROOT, "%s: %.0f %% of that", probe.name(), 100 * share);
    return share >= probe.expectedShare()
        ? measured
        : String.format(
            Locale.ROOT,
            "warning: %s, expected at least %.0f %%; the JIT left it slow: start again, or try"
                + " another vector width (-D%s=256)",
            measured,
            100 * probe.expectedShare(),
            VectorWidth.PROPERTY);
  }

  /** GFLOP/s, once compiled: on a busy machine that may be long after the first runs. */
  private double compiled(Probe probe) {
    double rate = measure(probe);
    for (int i = 0; i < MOST_PAUSES && rate < LEAST_RATE; i++) {
      pause.run();
      rate = measure(probe);
    }
    return rate;
  }

  private double measure(Probe probe) {
    return meter.rate(probe.flop(), probe::run);
  }
}
