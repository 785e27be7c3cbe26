package org.t3jvm.cli.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.train.TrainingEvent;
import org.t3jvm.train.TrainingStep;

/** A training for people: a line for what was skipped, for each stage and for each step. */
public final class TrainingProgress implements Consumer<TrainingEvent> {
  private static final int REPORTS = 10;
  private static final double KEEP = 0.9;

  private final PrintWriter err;
  private final LongSupplier memory;
  private long steps;
  private double pace;

  /** Progress on {@code err}. */
  public TrainingProgress(PrintWriter err) {
    this(err, ProcessMemory::bytes);
  }

  /**
   * @param memory bytes that the process takes now
   */
  public TrainingProgress(PrintWriter err, LongSupplier memory) {
    this.err = err;
    this.memory = memory;
  }

  @Override
  public void accept(TrainingEvent event) {
    switch (event) {
      case TrainingEvent.DataSkipped skipped -> err.println(skipped.row());
      case TrainingEvent.DataPrepared prepared -> {
        int each = Math.max(1, Math.ceilDiv(prepared.of(), REPORTS));
        if (prepared.rows() % each == 0 || prepared.rows() == prepared.of()) {
          err.printf("data: row %d of %d%n", prepared.rows(), prepared.of());
        }
      }
      case TrainingEvent.Started started -> {
        steps = started.steps();
        err.printf(
            "training %,d weights, step %d of %d%n", started.weights(), started.done(), steps);
      }
      case TrainingEvent.StageStarted stage ->
          err.printf(
              Locale.ROOT,
              "stage %d: %d clips; an example takes %.2f GFLOP, training %s of memory, %s%s%n",
              stage.stage(),
              stage.clips(),
              stage.flop() * 1e-9,
              Sizes.bytes(stage.bytes()),
              stage.side() == 1 ? "one example at a time" : stage.side() + " examples at a time",
              stage.recompute() ? ", values computed twice" : "");
      case TrainingEvent.StepDone done -> print(done.step());
      case TrainingEvent.Saved saved -> {}
      case TrainingEvent.Finished finished -> err.printf("trained %d steps%n", finished.steps());
    }
  }

  private void print(TrainingStep step) {
    TrainingStep.Times times = step.times();
    pace = pace == 0 ? times.total() : KEEP * pace + (1 - KEEP) * times.total();
    double busy = times.data() + times.graph();
    double computing = times.total() - times.update();
    err.printf(
        Locale.ROOT,
        "step %d of %d: loss %.4f, norm %.3f, rate %.2e, %.0f tokens/s, %.1f GFLOP/s,"
            + " graph %.0f%% data %.0f%% update %.0f%%, %s, %s left%s%n",
        step.step() + 1,
        steps,
        step.loss(),
        step.norm(),
        step.rate(),
        step.tokens() / times.total(),
        step.flop() / times.total() * 1e-9,
        100 * computing / times.total() * times.graph() / busy,
        100 * computing / times.total() * times.data() / busy,
        100 * times.update() / times.total(),
        Sizes.bytes(memory.getAsLong()),
        Sizes.duration(Duration.ofMillis(Math.round(1e3 * pace * (steps - step.step() - 1)))),
        step.skipped() ? ", skipped: a gradient is not finite" : "");
  }
}
