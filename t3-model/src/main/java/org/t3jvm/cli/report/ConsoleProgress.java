package org.t3jvm.cli.report;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * Progress for people: one line with stage, step, block, pace, time left and memory. On a terminal
 * it is a bar that is drawn over itself. Elsewhere lines follow each other: one for each of the
 * first two steps, of which the second is not slowed by starting, and for the last; for others when
 * the line before is 5 seconds old, and within a step when it is a minute old.
 */
public final class ConsoleProgress implements Consumer<RunEvent>, AutoCloseable {
  private static final int UPDATE_MILLIS = 200;
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(5);
  private static final Duration WITHIN_STEPS = Duration.ofMinutes(1);

  private final PrintWriter err;
  private final boolean terminal;
  private final InstantSource clock;
  private final LongSupplier memory;
  private Stage stage = Stage.TEXT;
  private StageProgress progress =
      new StageProgress(new RunEvent.StageStarted(stage, 0, 1, 0), Instant.EPOCH);
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
  public void accept(RunEvent event) {
    switch (event) {
      case RunEvent.Planned planned -> print(planned);
      case RunEvent.Memory memory -> print(memory);
      case RunEvent.StageStarted started -> begin(started);
      case RunEvent.BlockDone done -> {
        progress.block();
        moved();
      }
      case RunEvent.StepReused reused -> {
        progress.reuse();
        moved();
      }
      case RunEvent.StageEnded ended -> end();
      case RunEvent.Warning warning -> err.println(warning.message());
      case RunEvent.StepStarted _,
          RunEvent.Computed _,
          RunEvent.Preview _,
          RunEvent.Finished _,
          RunEvent.Failed _ -> {}
    }
  }

  private void begin(RunEvent.StageStarted started) {
    stage = started.stage();
    told = clock.instant();
    progress = new StageProgress(started, told);
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(String.format("%-7s", stage))
              .setInitialMax(progress.all())
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(UPDATE_MILLIS)
              .hideEta()
              .setConsumer(new ConsoleProgressBarConsumer(System.err))
              .build();
      bar.stepTo(progress.blocks());
      bar.setExtraMessage(message());
    }
  }

  private void print(RunEvent.Planned plan) {
    err.printf(
        "memory beside the weights: denoising %s, decoding %s%n",
        text(plan.denoise()), text(plan.decode()));
  }

  private static String text(RunEvent.Need need) {
    String bytes = Sizes.bytes(need.bytes());
    return need.parts().isEmpty() ? bytes : "%s (%s)".formatted(bytes, need.parts());
  }

  private void print(RunEvent.Memory need) {
    MemoryPlan plan = need.plan();
    err.printf(
        "%s needs %s of memory: activations %s, scratch %s, weights %s%s%n",
        need.stage(),
        Sizes.bytes(plan.total()),
        Sizes.bytes(plan.activations()),
        Sizes.bytes(plan.scratch()),
        Sizes.bytes(plan.parameters()),
        plan.streamed() == 0
            ? ""
            : ", of which every run brings %s to the device"
                .formatted(Sizes.bytes(plan.streamed())));
  }

  private void moved() {
    Instant now = clock.instant();
    if (bar != null) {
      bar.stepTo(progress.blocks());
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

  private void end() {
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
