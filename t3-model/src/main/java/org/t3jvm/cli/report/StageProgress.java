package org.t3jvm.cli.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.t3jvm.model.run.Stage;

/** How far a stage has come, in units such as transformer blocks, and what follows of its pace. */
public final class StageProgress {
  private final Stage stage;
  private final int steps;
  private final int unitsPerStep;
  private final Instant started;
  private long units;
  private long unitsBefore;
  private int reused;

  /**
   * A stage that begins.
   *
   * @param steps that it has
   * @param unitsPerStep equal parts of a step
   */
  public StageProgress(Stage stage, int steps, int unitsPerStep, Instant started) {
    this.stage = stage;
    this.steps = steps;
    this.unitsPerStep = Math.max(1, unitsPerStep);
    this.started = started;
  }

  /** The first steps were done by an earlier process, and say nothing of this one's pace. */
  public void resume(int done) {
    unitsBefore = (long) done * unitsPerStep;
    units = unitsBefore;
  }

  public void unit() {
    units++;
  }

  /** A whole step was not computed, but made of earlier ones. */
  public void reuse() {
    units += unitsPerStep;
    reused++;
  }

  /** How many steps were not computed, as people read it; empty if all were. */
  public String reused() {
    return reused == 0 ? "" : "%s: %d of %d steps from the cache".formatted(stage, reused, steps);
  }

  public long units() {
    return units;
  }

  /** Units of all steps. */
  public long all() {
    return (long) steps * unitsPerStep;
  }

  public boolean atStepsEnd() {
    return units % unitsPerStep == 0;
  }

  /** True when one of the first two steps of this process, or the last of all, has just ended. */
  public boolean atFirstOrLastStepsEnd() {
    return atStepsEnd() && units <= unitsBefore + 2L * unitsPerStep || units == all();
  }

  /** As {@code step 3 of 50, block 12 of 60, 2 min 05 s a step, 1 h 40 min left, 5.7 GB}. */
  public String line(Instant now, long memoryBytes) {
    StringBuilder line = new StringBuilder();
    if (atStepsEnd()) {
      line.append("step %d of %d".formatted(units / unitsPerStep, steps));
    } else {
      line.append("step %d of %d".formatted(units / unitsPerStep + 1, steps));
      line.append(", %s %d of %d".formatted(unitName(), units % unitsPerStep, unitsPerStep));
    }
    long done = units - unitsBefore;
    if (done > 0) {
      Duration elapsed = Duration.between(started, now);
      Duration left = elapsed.multipliedBy(all() - units).dividedBy(done);
      line.append(", ").append(rate(elapsed, (double) done / unitsPerStep));
      line.append(", ").append(Sizes.duration(left)).append(" left");
    }
    return line.append(", ").append(Sizes.bytes(memoryBytes)).toString();
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
