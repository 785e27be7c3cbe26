package org.t3jvm.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;
import org.t3jvm.model.fit.Sizes;

/** How far a stage has come, in blocks, and what follows of its pace. */
public final class StageProgress {
  private final Stage stage;
  private final int steps;
  private final int blocksPerStep;
  private final Instant started;
  private long blocks;
  private final long blocksBefore;
  private int reused;

  /** A stage that begins; steps of an earlier process say nothing of this one's pace. */
  public StageProgress(RunEvent.StageStarted begun, Instant started) {
    this.stage = begun.stage();
    this.steps = begun.steps();
    this.blocksPerStep = Math.max(1, begun.blocks());
    this.started = started;
    this.blocksBefore = (long) begun.done() * blocksPerStep;
    this.blocks = blocksBefore;
  }

  public void block() {
    blocks++;
  }

  /** A whole step was not computed, but made of earlier ones. */
  public void reuse() {
    blocks += blocksPerStep;
    reused++;
  }

  /** How many steps were not computed, as people read it; empty if all were. */
  public String reused() {
    return reused == 0 ? "" : "%s: %d of %d steps from the cache".formatted(stage, reused, steps);
  }

  public long blocks() {
    return blocks;
  }

  /** Blocks of all steps. */
  public long all() {
    return (long) steps * blocksPerStep;
  }

  public boolean atStepsEnd() {
    return blocks % blocksPerStep == 0;
  }

  /** True when one of the first two steps of this process, or the last of all, has just ended. */
  public boolean atFirstOrLastStepsEnd() {
    return (atStepsEnd() && blocks <= blocksBefore + 2L * blocksPerStep) || blocks == all();
  }

  /** As {@code step 3 of 50, block 12 of 60, 2 min 05 s a step, 1 h 40 min left, 5.7 GB}. */
  public String line(Instant now, long memoryBytes) {
    return lines(now, memoryBytes).getFirst();
  }

  /** The longest of {@link #line} and shorter ones that has at most so many characters. */
  public String line(Instant now, long memoryBytes, int most) {
    List<String> lines = lines(now, memoryBytes);
    return lines.stream().filter(line -> line.length() <= most).findFirst().orElse(lines.getLast());
  }

  /** Without the block, then also without memory, pace, and the time that is left. */
  private List<String> lines(Instant now, long memoryBytes) {
    long step = blocks / blocksPerStep + (atStepsEnd() ? 0 : 1);
    String steps = "step %d of %d".formatted(step, this.steps);
    String block =
        atStepsEnd()
            ? ""
            : ", %s %d of %d".formatted(unitName(), blocks % blocksPerStep, blocksPerStep);
    String pace = "";
    String left = "";
    long done = blocks - blocksBefore;
    if (done > 0) {
      Duration elapsed = Duration.between(started, now);
      pace = ", " + rate(elapsed, (double) done / blocksPerStep);
      left =
          ", %s left"
              .formatted(Sizes.duration(elapsed.multipliedBy(all() - blocks).dividedBy(done)));
    }
    String memory = ", " + Sizes.bytes(memoryBytes);
    return List.of(
        steps + block + pace + left + memory,
        steps + pace + left + memory,
        steps + pace + left,
        steps + left,
        steps);
  }

  private static String rate(Duration elapsed, double steps) {
    double seconds = elapsed.toNanos() / 1e9 / steps;
    if (seconds >= 60) {
      return Sizes.duration(Duration.ofMillis(Math.round(seconds * 1e3))) + " a step";
    }
    return seconds >= 1 || seconds == 0
        ? String.format(Locale.ROOT, "%.1f s a step", seconds)
        : String.format(Locale.ROOT, "%.1f steps a second", 1 / seconds);
  }

  private String unitName() {
    return stage == Stage.TEXT ? "layer" : "block";
  }
}
