package org.t3jvm.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.t3jvm.model.dit.T3WindowRule;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.measure.SeamLines.Axis;
import org.t3jvm.model.video.FrameSize;

/** Energy at window borders, of clips with and without a step there. */
class SeamEnergyTest {
  private static final long SEED = 3;
  private static final int FRAMES = 9;
  private static final FrameSize SIZE = new FrameSize(128, 192);

  /** 8 token rows in 2 windows of 4, 12 token columns in 3 of 4, 3 latent frames in 1. */
  private static final SeamLines LINES =
      SeamLines.of(T3Windows.parse("1,2,3"), FRAMES, SIZE, SIZE, 16);

  private static SeamEnergy of(Axis axis, SeamLines lines, Clips.Level level) {
    Random random = new Random(SEED);
    SeamMeter meter = new SeamMeter(lines);
    for (int t = 0; t < FRAMES; t++) {
      meter.add(
          Clips.plane(
              SIZE.height(),
              SIZE.width(),
              (y, x) -> level.at(y, x) + 0.05 * random.nextGaussian()));
    }
    return meter.energies().stream()
        .filter(energy -> energy.lines().axis() == axis)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void linesAreWhereWindowsBegin() {
    assertThat(LINES.kinds().getFirst().seams()).containsExactly(64);
    assertThat(LINES.kinds().getFirst().shifted()).containsExactly(16, 32, 48, 80, 96, 112);
    assertThat(LINES.kinds().getLast().seams()).containsExactly(64, 128);
    assertThat(LINES.kinds()).hasSize(2);
  }

  @Test
  void framesCroppedFromLargerOnesHaveTheLinesOfThose() {
    SeamLines lines =
        SeamLines.of(
            T3WindowRule.WAN21.table(),
            81,
            new FrameSize(2176, 3840),
            new FrameSize(2160, 3840),
            16);
    SeamLines.Lines rows =
        lines.kinds().stream()
            .filter(line -> line.kind() == 1 && line.axis() == Axis.ROWS)
            .findFirst()
            .orElseThrow();
    assertThat(rows.seams()).hasSize(16).startsWith(8 * 16 - 8).endsWith(128 * 16 - 8);
    SeamLines.Lines time =
        lines.kinds().stream()
            .filter(line -> line.kind() == 3 && line.axis() == Axis.FRAMES)
            .findFirst()
            .orElseThrow();
    assertThat(time.seams()).as("latent frames 7 and 14 of 21").containsExactly(25, 53);
  }

  @Test
  void aStepOfOneLevelAtAWindowBorderIsFound() {
    SeamEnergy rows = of(Axis.ROWS, LINES, (y, x) -> y < 64 ? 100 : 101);
    assertThat(rows.atSeams()).as("seed %d", SEED).isCloseTo(1, within(0.05));
    assertThat(rows.shifted()).isLessThan(0.05);
    assertThat(rows.decibels()).isGreaterThan(13);
    SeamEnergy columns = of(Axis.COLUMNS, LINES, (y, x) -> x < 128 ? 100 : 101);
    assertThat(columns.atSeams()).as("one of two seams").isCloseTo(0.5, within(0.05));
  }

  @Test
  void aStepBesideABorderIsNot() {
    for (int line : List.of(58, 72, 80)) {
      SeamEnergy rows = of(Axis.ROWS, LINES, (y, x) -> y < line ? 100 : 101);
      assertThat(rows.atSeams()).as("step at %d, seed %d", line, SEED).isLessThan(0.05);
      assertThat(rows.decibels()).isLessThan(1);
    }
  }

  @Test
  void aRampHasNoSeam() {
    SeamEnergy rows = of(Axis.ROWS, LINES, (y, x) -> y + x / 2);
    assertThat(rows.atSeams()).as("seed %d", SEED).isLessThan(0.05);
  }

  @Test
  void aStepInTimeIsFoundWhereAWindowBegins() {
    FrameSize token = new FrameSize(16, 16);
    SeamLines lines = SeamLines.of(T3Windows.parse("2,1,1"), 17, token, token, 16);
    assertThat(lines.kinds().getFirst().seams()).as("latent frame 2 of 5").containsExactly(5);
    assertThat(lines.kinds().getFirst().shifted()).containsExactly(9, 13);
    for (int step = 5; step <= 9; step += 4) {
      SeamMeter meter = new SeamMeter(lines);
      for (int t = 0; t < 17; t++) {
        double level = t < step ? 100 : 101;
        meter.add(Clips.plane(16, 16, (y, x) -> level));
      }
      SeamEnergy time = meter.energies().getFirst();
      assertThat(time.atSeams()).isEqualTo(step == 5 ? 1 : 0);
      assertThat(time.shifted()).isEqualTo(step == 5 ? 0 : 0.5);
    }
  }
}
