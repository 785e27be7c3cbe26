package org.t3jvm.spark.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

class VideoFractionTest {
  private final VideoFraction fraction = new VideoFraction();

  @Test
  void blocksOfEachStageAddUpToAVideo() {
    assertThat(fraction.after(new RunEvent.StageStarted(Stage.TEXT, 1, 4, 0))).isZero();
    assertThat(fraction.after(new RunEvent.BlockDone(Stage.TEXT, 4))).isEqualTo(0.02);
    assertThat(fraction.after(new RunEvent.StageStarted(Stage.DENOISE, 10, 2, 0))).isEqualTo(0.05);
    assertThat(fraction.after(new RunEvent.BlockDone(Stage.DENOISE, 10)))
        .isCloseTo(0.05 + 0.75 / 2, within(1e-9));
    assertThat(fraction.after(new RunEvent.StepReused(Stage.DENOISE, 9)))
        .isCloseTo(0.8, within(1e-9));
    fraction.after(new RunEvent.StageStarted(Stage.DECODE, 3, 1, 0));
    assertThat(fraction.after(new RunEvent.BlockDone(Stage.DECODE, 3))).isCloseTo(1, within(1e-9));
    assertThat(fraction.after(new RunEvent.Finished(9))).isEqualTo(1);
    assertThat(fraction.resumed()).isZero();
  }

  @Test
  void stepsOfAnEarlierAttemptCountAsDone() {
    assertThat(fraction.after(new RunEvent.StageStarted(Stage.DENOISE, 4, 2, 3)))
        .isCloseTo(0.05 + 0.75 * 3 / 4, within(1e-9));
    assertThat(fraction.resumed()).isEqualTo(3);
  }
}
