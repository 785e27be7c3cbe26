package org.t3jvm.cli.report;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.t3jvm.model.fit.JobFit;
import org.t3jvm.model.run.Progress;
import org.t3jvm.model.run.Stage;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * Progress for people: one line with stage, step, block, pace, time left and memory. On a terminal
 * it is a bar that is drawn over itself. Elsewhere lines follow each other: one for each of the
 * first two steps, of which the second is not slowed by starting, and for the last; for others when
 * the line before is 5 seconds old, and within a step when it is a minute old.
 */
public final class ConsoleProgress implements Progress, AutoCloseable {
  private static final int UPDATE_MILLIS = 200;
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(5);
  private static final Duration WITHIN_STEPS = Duration.ofMinutes(1);

  private final PrintWriter err;
  private final boolean terminal;
  private final InstantSource clock;
  private final LongSupplier memory;
  private Stage stage = Stage.TEXT;
  private StageProgress progress = new StageProgress(stage, 0, 1, Instant.EPOCH);
  private Instant told = Instant.EPOCH;
  private @Nullable ProgressBar bar;

  /** Progress on standard error: a bar if it is a terminal, else lines on {@code err}. */
  public ConsoleProgress(PrintWriter err) {
    this(err, onTerminal(), InstantSource.system(), ProcessMemory::bytes);
  }

  /**
   * @param memory bytes that the process takes now
   */
  public ConsoleProgress(
      PrintWriter err, boolean terminal, InstantSource clock, LongSupplier memory) {
    this.err = err;
    this.terminal = terminal;
    this.clock = clock;
    this.memory = memory;
  }

  /** JDKs differ in whether a console that is no terminal is null. */
  @SuppressWarnings("SystemConsoleNull")
  public static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  @Override
  public void begin(Stage next, int steps, int unitsPerStep) {
    stage = next;
    told = clock.instant();
    progress = new StageProgress(next, steps, unitsPerStep, told);
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(String.format("%-7s", next))
              .setInitialMax(progress.all())
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .hideEta()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
      bar.setExtraMessage(message());
    }
  }

  @Override
  public void resumed(Stage begun, int done) {
    progress.resume(done);
    if (bar != null) {
      bar.stepTo(progress.units());
      bar.setExtraMessage(message());
    }
  }

  @Override
  public void fits(JobFit fit) {
    int groups = fit.dit().job().parts().headGroups();
    err.printf(
        "memory beside the weights: denoising %s%s, decoding %s%s%n",
        Sizes.bytes(fit.dit().bytes()),
        groups == 1 ? "" : " (heads in %d groups, to fit)".formatted(groups),
        Sizes.bytes(fit.decode().bytes()),
        fit.decode()
            .bands()
            .map(bands -> " (in %d bands of rows, to fit)".formatted(bands.count()))
            .or(() -> fit.decode().tiling().map(tiling -> " (in tiles of " + tiling + ")"))
            .orElse(""));
  }

  @Override
  public void memory(Stage planned, MemoryPlan plan) {
    err.printf(
        "%s needs %s of memory: activations %s, scratch %s, weights %s%s%n",
        planned,
        Sizes.bytes(plan.total()),
        Sizes.bytes(plan.activations()),
        Sizes.bytes(plan.scratch()),
        Sizes.bytes(plan.parameters()),
        plan.streamed() == 0
            ? ""
            : ", of which every run brings %s to the device"
                .formatted(Sizes.bytes(plan.streamed())));
  }

  @Override
  public void unit() {
    progress.unit();
    moved();
  }

  @Override
  public void reused(Stage begun, int step) {
    progress.reuse();
    moved();
  }

  private void moved() {
    Instant now = clock.instant();
    if (bar != null) {
      bar.stepTo(progress.units());
      if (progress.atStepsEnd() || older(now, Duration.ofMillis(UPDATE_MILLIS))) {
        bar.setExtraMessage(message());
        told = now;
      }
    } else if (progress.atFirstOrLastStepsEnd()
        || older(now, progress.atStepsEnd() ? BETWEEN_STEPS : WITHIN_STEPS)) {
      err.println(stage + " " + message());
      told = now;
    }
  }

  private boolean older(Instant now, Duration age) {
    return Duration.between(told, now).compareTo(age) >= 0;
  }

  @Override
  public void end(Stage ended) {
    close();
    if (!progress.reused().isEmpty()) {
      err.println(progress.reused());
    }
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
    return progress.line(clock.instant(), memory.getAsLong());
  }
}
