package org.t3jvm.accel.cuda;

/** What an instruction does for one thread. */
@FunctionalInterface
interface PtxLane {
  void run(PtxBlock block, int lane);
}
