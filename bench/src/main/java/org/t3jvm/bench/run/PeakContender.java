package org.t3jvm.bench.run;

/** Takes turns with a case's contenders to tell what the machine can do at best meanwhile. */
interface PeakContender extends Contender {
  /** What one repetition does, in the unit of the case's work. */
  double work();
}
