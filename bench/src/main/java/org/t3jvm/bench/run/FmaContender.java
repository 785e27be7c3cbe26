package org.t3jvm.bench.run;

import org.t3jvm.bench.peak.FmaPeak;
import org.t3jvm.bench.peak.Team;

/** Multiply-adds on registers alone: what 100 % is at the very time of a case's repetitions. */
record FmaContender(Team team) implements PeakContender {
  @Override
  public String name() {
    return "fma";
  }

  @Override
  public double work() {
    return FmaPeak.burstFlop(team);
  }

  @Override
  public void run() {
    FmaPeak.burst(team);
  }

  @Override
  public void close() {
    // The run owns the threads.
  }
}
