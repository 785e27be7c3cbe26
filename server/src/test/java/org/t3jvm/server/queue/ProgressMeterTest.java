package org.t3jvm.server.queue;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.t3jvm.event.RunEvent;
import org.t3jvm.event.Stage;

/** How far a run is, by a clock that the test turns. */
class ProgressMeterTest {
  private final AtomicLong clock = new AtomicLong(100);
  private final ProgressMeter meter = new ProgressMeter(clock::get);

  private void after(double seconds, RunEvent event) {
    clock.addAndGet((long) (seconds * 1e9));
    assertThat(meter.take(event)).isTrue();
  }

  @Test
  void blocksCountAndTheirPaceSaysTheRest() {
    after(0, new RunEvent.StageStarted(Stage.DENOISE, 10, 4, 0));
    after(0, new RunEvent.StepStarted(Stage.DENOISE, 0));
    assertThat(meter.progress().secondsLeft()).isNull();
    after(1, new RunEvent.BlockDone(Stage.DENOISE, 1));
    Progress first = meter.progress();
    assertThat(first.stage()).isEqualTo("denoise");
    assertThat(first.step()).isEqualTo(1);
    assertThat(first.block()).isEqualTo(1);
    // 39 blocks more, and a decoder that takes 20 parts where these 40 s are 75.
    assertThat(requireNonNull(first.secondsLeft())).isCloseTo(39 + 40 * 20 / 75.0, within(1e-6));
    after(7, new RunEvent.BlockDone(Stage.DENOISE, 8));
    assertThat(meter.progress().step()).isEqualTo(3);
    assertThat(meter.progress().percent()).isEqualTo(5 + 15);
  }

  @Test
  void stepsOfAnEarlierProcessSayNothingOfThePace() {
    after(0, new RunEvent.StageStarted(Stage.DENOISE, 10, 4, 5));
    after(2, new RunEvent.BlockDone(Stage.DENOISE, 21));
    Progress now = meter.progress();
    assertThat(now.step()).isEqualTo(6);
    assertThat(requireNonNull(now.secondsLeft())).isCloseTo(2 * 19 + 80 * 20 / 75.0, within(1e-6));
  }

  @Test
  void reusedStepsAreDoneToo() {
    after(0, new RunEvent.StageStarted(Stage.DENOISE, 4, 4, 0));
    after(1, new RunEvent.StepReused(Stage.DENOISE, 0));
    assertThat(meter.progress().step()).isEqualTo(2);
    after(0, new RunEvent.StageStarted(Stage.DECODE, 2, 3, 0));
    after(1, new RunEvent.BlockDone(Stage.DECODE, 6));
    assertThat(meter.progress().percent()).isEqualTo(100);
    assertThat(meter.progress().step()).isEqualTo(2);
    assertThat(meter.progress().block()).isEqualTo(3);
  }
}
