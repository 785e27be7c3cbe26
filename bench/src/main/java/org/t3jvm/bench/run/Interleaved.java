package org.t3jvm.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Repeats contenders in turns, so that whatever the machine does meanwhile meets them all alike.
 * Rounds at the start are warm-up: until the compiler has had its time and no contender's time
 * moves any more.
 */
final class Interleaved {
  private static final double SETTLED = 0.05;
  private static final double NANO = 1e-9;

  private final LongSupplier nanoTime;

  Interleaved(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Seconds of each contender, in their order, in each measured round. */
  Rounds run(Effort effort, List<? extends Contender> contenders) throws IOException {
    warmUp(effort, contenders);
    List<double[]> rounds = new ArrayList<>();
    long start = nanoTime.getAsLong();
    while (rounds.size() < effort.minRounds()
        || (rounds.size() < effort.maxRounds() && since(start) < effort.measureSeconds())) {
      rounds.add(round(contenders));
    }
    return new Rounds(rounds);
  }

  private void warmUp(Effort effort, List<? extends Contender> contenders) throws IOException {
    long start = nanoTime.getAsLong();
    double[] last = round(contenders);
    boolean settled = false;
    while (since(start) < (settled ? effort.warmupSeconds() : effort.settleSeconds())) {
      double[] now = round(contenders);
      settled = settled(last, now);
      last = now;
    }
  }

  private static boolean settled(double[] last, double[] now) {
    for (int i = 0; i < now.length; i++) {
      if (Math.abs(now[i] - last[i]) > SETTLED * last[i]) {
        return false;
      }
    }
    return true;
  }

  private double[] round(List<? extends Contender> contenders) throws IOException {
    double[] seconds = new double[contenders.size()];
    for (int i = 0; i < seconds.length; i++) {
      long start = nanoTime.getAsLong();
      contenders.get(i).run();
      seconds[i] = since(start);
    }
    return seconds;
  }

  private double since(long start) {
    return (nanoTime.getAsLong() - start) * NANO;
  }
}
