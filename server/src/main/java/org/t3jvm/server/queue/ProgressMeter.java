package org.t3jvm.server.queue;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

/** Makes of a run's events how far it has come and how long it takes still. */
final class ProgressMeter {
  private final LongSupplier nanoTime;
  private Stage stage = Stage.TEXT;
  private int steps = 1;
  private int blocksPerStep = 1;
  private long before;
  private long blocks;
  private long started;
  private @Nullable Long memory;

  /**
   * A run that begins.
   *
   * @param nanoTime a clock
   */
  ProgressMeter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
  }

  /** Takes an event; true if progress is another now. */
  boolean take(RunEvent event) {
    switch (event) {
      case RunEvent.Memory need -> memory = need.plan().total();
      case RunEvent.StageStarted begun -> {
        stage = begun.stage();
        steps = Math.max(1, begun.steps());
        blocksPerStep = Math.max(1, begun.blocks());
        before = (long) begun.done() * blocksPerStep;
        blocks = before;
        started = nanoTime.getAsLong();
      }
      case RunEvent.StepStarted step -> blocks = (long) step.step() * blocksPerStep;
      case RunEvent.BlockDone block -> blocks = block.done();
      case RunEvent.StepReused reused -> blocks = (reused.step() + 1L) * blocksPerStep;
      default -> {
        return false;
      }
    }
    return true;
  }

  Progress progress() {
    long all = (long) steps * blocksPerStep;
    long done = Math.min(blocks, all);
    double share = stage.share();
    double whole = 100 * (stage.shareBefore() + share * done / all);
    int step = (int) Math.min(steps, done / blocksPerStep + 1);
    return new Progress(
        stage.toString(),
        step,
        steps,
        (int) (done - (step - 1L) * blocksPerStep),
        blocksPerStep,
        (int) whole,
        secondsLeft(all, done, share),
        memory);
  }

  /** Only of stages long enough that their pace says something of those after them. */
  private @Nullable Double secondsLeft(long all, long done, double share) {
    if (done <= before || (stage != Stage.DENOISE && stage != Stage.DECODE)) {
      return null;
    }
    double pace = (nanoTime.getAsLong() - started) / 1e9 / (done - before);
    double later = pace * all / share * (1 - stage.shareBefore() - share);
    return Math.max(0, pace * (all - done) + later);
  }
}
