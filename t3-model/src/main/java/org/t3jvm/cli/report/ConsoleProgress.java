package org.t3jvm.cli.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.tensor.backend.MemoryPlan;

/**
 * Progress for people: one line with stage, step, block, pace, time left and memory. On a terminal
 * it is drawn over itself, with a bar, as far as there is room. Elsewhere lines follow each other:
 * one for each of the first two steps, of which the second is not slowed by starting, and for the
 * last; for others when the line before is 5 seconds old, and within a step when it is a minute
 * old.
 */
public final class ConsoleProgress implements Consumer<RunEvent>, AutoCloseable {
  private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(200);
  private static final Duration BETWEEN_STEPS = Duration.ofSeconds(5);
  private static final Duration WITHIN_STEPS = Duration.ofMinutes(1);

  /** Characters of a bar, its brackets and the space behind it. */
  private static final int LONGEST_BAR = 40;

  private static final int SHORTEST_BAR = 15;
  private static final int BAR_FRAME = 3;

  private final PrintWriter err;
  private final @Nullable TerminalLine line;
  private final InstantSource clock;
  private final LongSupplier memory;
  private Stage stage = Stage.TEXT;
  private StageProgress progress =
      new StageProgress(new RunEvent.StageStarted(stage, 0, 1, 0), Instant.EPOCH);
  private Instant printed = Instant.EPOCH;

  /** Progress on standard error: a line drawn over itself if it is a terminal, else lines. */
  public ConsoleProgress(PrintWriter err) {
    this(err, Terminal.writer(), Terminal::columns, InstantSource.system(), ProcessMemory::bytes);
  }

  /**
   * @param terminal takes what is drawn, if there is a terminal
   * @param columns of the terminal now; empty if there is none
   * @param memory bytes that the process takes now
   */
  public ConsoleProgress(
      PrintWriter err,
      PrintWriter terminal,
      Supplier<OptionalInt> columns,
      InstantSource clock,
      LongSupplier memory) {
    this.err = err;
    this.line =
        columns.get().isPresent()
            ? new TerminalLine(terminal, () -> columns.get().orElse(Integer.MAX_VALUE))
            : null;
    this.clock = clock;
    this.memory = memory;
  }

  /** Prints a line of its own, between what is drawn. */
  public synchronized void println(String text) {
    if (line != null) {
      line.clear();
    }
    err.println(text);
  }

  @Override
  public synchronized void accept(RunEvent event) {
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
      case RunEvent.Warning warning -> println(warning.message());
      case RunEvent.StepStarted _,
          RunEvent.Computed _,
          RunEvent.Preview _,
          RunEvent.Finished _,
          RunEvent.Failed _ -> {}
    }
  }

  private void begin(RunEvent.StageStarted started) {
    stage = started.stage();
    printed = clock.instant();
    progress = new StageProgress(started, printed);
    if (line != null) {
      draw(line);
    }
  }

  private void print(RunEvent.Planned plan) {
    println(
        "memory beside the weights: denoising %s, decoding %s"
            .formatted(text(plan.denoise()), text(plan.decode())));
  }

  private static String text(RunEvent.Need need) {
    String bytes = Sizes.bytes(need.bytes());
    return need.parts().isEmpty() ? bytes : "%s (%s)".formatted(bytes, need.parts());
  }

  private void print(RunEvent.Memory need) {
    MemoryPlan plan = need.plan();
    println(
        "%s needs %s of memory: activations %s, scratch %s, weights %s%s"
            .formatted(
                need.stage(),
                Sizes.bytes(plan.total()),
                Sizes.bytes(plan.activations()),
                Sizes.bytes(plan.scratch()),
                Sizes.bytes(plan.parameters()),
                plan.streamed() == 0
                    ? ""
                    : ", of which every run brings %s to the device"
                        .formatted(Sizes.bytes(plan.streamed()))));
  }

  private void moved() {
    Instant now = clock.instant();
    if (line != null) {
      if (progress.atStepsEnd() || older(now, BETWEEN_DRAWINGS)) {
        draw(line);
        printed = now;
      }
    } else if (progress.atFirstOrLastStepsEnd()
        || older(now, progress.atStepsEnd() ? BETWEEN_STEPS : WITHIN_STEPS)) {
      err.println(stage + " " + progress.line(now, memory.getAsLong()));
      printed = now;
    }
  }

  private void draw(TerminalLine terminal) {
    String name = "%-7s ".formatted(stage);
    int room = terminal.room() - name.length();
    String text = progress.line(clock.instant(), memory.getAsLong(), room);
    int rest = Math.min(LONGEST_BAR, room - text.length()) - BAR_FRAME;
    terminal.draw(name + (rest < SHORTEST_BAR ? "" : bar(rest)) + text);
  }

  private String bar(int length) {
    int full = (int) (length * progress.blocks() / Math.max(1, progress.all()));
    return "[" + "=".repeat(full) + " ".repeat(length - full) + "] ";
  }

  private boolean older(Instant now, Duration age) {
    return Duration.between(printed, now).compareTo(age) >= 0;
  }

  private void end() {
    close();
    if (!progress.reused().isEmpty()) {
      println(progress.reused());
    }
  }

  /** Leaves the terminal clean, also after a failure. */
  @Override
  public synchronized void close() {
    if (line != null) {
      line.end();
    }
  }
}
