package org.t3jvm.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

/** The lines of a run that nobody watches on a terminal, by a clock that the test moves. */
class ConsoleProgressTest {
  private final StringWriter text = new StringWriter();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final ConsoleProgress progress =
      new ConsoleProgress(new PrintWriter(text, true), false, () -> now, () -> 5_700_000_000L);

  private Stage stage = Stage.TEXT;
  private long blocks;

  private void begin(Stage begun, int steps, int blocksPerStep, int done) {
    stage = begun;
    blocks = (long) done * blocksPerStep;
    progress.accept(new RunEvent.StageStarted(begun, steps, blocksPerStep, done));
  }

  private void units(int count, Duration each) {
    for (int i = 0; i < count; i++) {
      now = now.plus(each);
      progress.accept(new RunEvent.BlockDone(stage, ++blocks));
    }
  }

  private String lines() {
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void aLineHasStageStepBlockRateTimeLeftAndMemory() {
    begin(Stage.DENOISE, 3, 4, 0);
    units(2, Duration.ofSeconds(40));
    assertThat(lines())
        .as("80 s into a step: a line within it")
        .isEqualTo(
            "denoise step 1 of 3, block 2 of 4, 2 min 40 s a step, 6 min 40 s left, 5.7 GB\n");
  }

  @Test
  void quickStepsShareALine() {
    begin(Stage.DECODE, 100, 2, 0);
    units(200, Duration.ofMillis(100));
    assertThat(lines().lines())
        .as("the first two, one every 5 s of 20 s, the last")
        .containsExactly(
            "decode step 1 of 100, 5.0 steps a second, 19 s left, 5.7 GB",
            "decode step 2 of 100, 5.0 steps a second, 19 s left, 5.7 GB",
            "decode step 27 of 100, 5.0 steps a second, 14 s left, 5.7 GB",
            "decode step 52 of 100, 5.0 steps a second, 9 s left, 5.7 GB",
            "decode step 77 of 100, 5.0 steps a second, 4 s left, 5.7 GB",
            "decode step 100 of 100, 5.0 steps a second, 0 s left, 5.7 GB");
  }

  @Test
  void stepsOfAnEarlierProcessDoNotCountForThePace() {
    begin(Stage.DENOISE, 10, 1, 8);
    units(1, Duration.ofSeconds(3));
    assertThat(lines()).isEqualTo("denoise step 9 of 10, 3.0 s a step, 3 s left, 5.7 GB\n");
  }

  @Test
  void theProcessKnowsItsMemory() {
    assertThat(ProcessMemory.bytes()).isBetween(10_000_000L, 1_000_000_000_000L);
  }
}
