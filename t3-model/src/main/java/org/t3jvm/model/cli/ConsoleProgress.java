package org.t3jvm.model.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.pipeline.JobFit;
import org.t3jvm.model.pipeline.Progress;
import org.t3jvm.model.pipeline.Stage;
import org.t3jvm.tensor.backend.MemoryPlan;

/** Progress for people: a bar on a terminal, else one plain line a step. */
final class ConsoleProgress implements Progress, AutoCloseable {
  private static final int UPDATE_MILLIS = 200;

  private final PrintWriter err;
  private final boolean terminal;
  private Instant started = Instant.EPOCH;
  private Stage stage = Stage.TEXT;
  private int steps;
  private int unitsPerStep = 1;
  private int units;
  private int unitsBefore;
  private @Nullable ProgressBar bar;

  /** Progress on standard error: a bar if it is a terminal, else lines on {@code err}. */
  ConsoleProgress(PrintWriter err) {
    this.err = err;
    this.terminal = onTerminal();
  }

  /** JDKs differ in whether a console that is no terminal is null. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public void begin(Stage next, int steps, int unitsPerStep) {
    this.stage = next;
    this.steps = steps;
    this.unitsPerStep = Math.max(1, unitsPerStep);
    this.units = 0;
    this.unitsBefore = 0;
    this.started = Instant.now();
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(String.format("%-7s", next))
              .setInitialMax((long) steps * this.unitsPerStep)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
      bar.setExtraMessage(message());
    }
  }

  @Override
  public void resumed(Stage begun, int done) {
    unitsBefore = done * unitsPerStep;
    units = unitsBefore;
    if (bar != null) {
      bar.stepTo(units);
      bar.setExtraMessage(message());
    }
  }

  @Override
  public void fits(JobFit fit) {
    int groups = fit.dit().job().headGroups();
    err.printf(
        "memory beside the weights: denoising %s%s, decoding %s%s%n",
        Sizes.bytes(fit.dit().bytes()),
        groups == 1 ? "" : " (heads in %d groups, to fit)".formatted(groups),
        Sizes.bytes(fit.decode().bytes()),
        fit.decode()
            .bands()
            .map(bands -> " (in %d bands of rows, to fit)".formatted(bands.count()))
            .orElse(""));
  }

  @Override
  public void memory(Stage planned, MemoryPlan plan) {
    err.printf(
        "%s needs %s of memory: activations %s, scratch %s, weights %s%n",
        planned,
        Sizes.bytes(plan.total()),
        Sizes.bytes(plan.activations()),
        Sizes.bytes(plan.scratch()),
        Sizes.bytes(plan.parameters()));
  }

  @Override
  public void unit() {
    units++;
    boolean stepDone = units % unitsPerStep == 0;
    if (bar != null) {
      bar.step();
      if (stepDone) {
        bar.setExtraMessage(message());
      }
    } else if (stepDone) {
      err.printf("%s %s, %s left%n", stage, message(), Sizes.duration(left()));
    }
  }

  @Override
  public void end(Stage ended) {
    close();
  }

  /** Leaves the terminal clean, also after a failure. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private String message() {
    return "step %d of %d, %s"
        .formatted(units / unitsPerStep, steps, Sizes.bytes(ProcessMemory.bytes()));
  }

  private Duration left() {
    Duration elapsed = Duration.between(started, Instant.now());
    long all = (long) steps * unitsPerStep;
    int now = units - unitsBefore;
    return now == 0 ? Duration.ZERO : elapsed.multipliedBy(all - units).dividedBy(now);
  }
}
