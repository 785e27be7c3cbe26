package org.t3jvm.accel.cuda;

import org.t3jvm.accel.cuda.PtxKernel.Instruction;

/** An instruction for all threads that run. {@link PtxLoops} makes copies of this class. */
final class PtxLoop implements Instruction {
  private final PtxLane lane;

  PtxLoop(PtxLane lane) {
    this.lane = lane;
  }

  @Override
  public void run(PtxBlock block) {
    int[] lanes = block.lanes;
    int active = block.active;
    for (int k = 0; k < active; k++) {
      lane.run(block, lanes[k]);
    }
  }
}
