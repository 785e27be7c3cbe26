package org.t3jvm.spark.task;

import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

/** How much of a video is done, from 0 to 1, by a run's events. */
final class VideoFraction {
  private long blocks = 1;
  private int steps = 1;
  private double done;
  private int resumed;

  /** Takes an event; gives how much is done then. */
  double after(RunEvent event) {
    switch (event) {
      case RunEvent.StageStarted begun -> {
        steps = Math.max(1, begun.steps());
        blocks = (long) steps * Math.max(1, begun.blocks());
        if (begun.stage() == Stage.DENOISE) {
          resumed = begun.done();
        }
        set(begun.stage(), (double) begun.done() / steps);
      }
      case RunEvent.BlockDone block -> set(block.stage(), (double) block.done() / blocks);
      case RunEvent.StepReused reused -> set(reused.stage(), (double) (reused.step() + 1) / steps);
      case RunEvent.Finished _ -> done = 1;
      default -> {}
    }
    return done;
  }

  private void set(Stage stage, double ofStage) {
    done = stage.shareBefore() + stage.share() * Math.min(1, ofStage);
  }

  /** Denoising steps that an earlier attempt had done. */
  int resumed() {
    return resumed;
  }
}
