package org.t3jvm.bench.run;

/** Takes turns with a case's contenders, to measure the machine's peak at the same time. */
interface PeakContender extends Contender {
  /** What one repetition does, in the unit of the case's work. */
  double work();
}
