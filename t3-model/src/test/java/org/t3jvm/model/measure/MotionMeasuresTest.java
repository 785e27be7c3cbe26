package org.t3jvm.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Measures of motion, on clips whose motion is known. */
class MotionMeasuresTest {
  private static final long SEED = 5;
  private static final int HEIGHT = 96;
  private static final int WIDTH = 128;
  private static final Clips.Level WAVES = Clips.waves(SEED);

  private static Plane frame(double down, double right) {
    return Clips.plane(HEIGHT, WIDTH, Clips.shifted(WAVES, down, right));
  }

  private static double error(Plane before, Plane after) {
    return WarpingError.of(
        before,
        after,
        OpticalFlow.between(before, after, 2),
        OpticalFlow.between(after, before, 2));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 2", "-3, 2", "5, -4", "0, 7"})
  void aPureShiftHasNoWarpingError(int down, int right) {
    Plane before = frame(0, 0);
    Plane after = frame(down, right);
    Flow flow = OpticalFlow.between(before, after, 2);
    double sum = 0;
    for (int y = 20; y < HEIGHT - 20; y++) {
      for (int x = 20; x < WIDTH - 20; x++) {
        sum += Math.hypot(flow.down().at(y, x) - down, flow.right().at(y, x) - right);
      }
    }
    assertThat(sum / ((HEIGHT - 40) * (WIDTH - 40)))
        .as("pixels beside the shift, seed %d", SEED)
        .isLessThan(0.08);
    assertThat(error(before, after)).as("levels squared").isLessThan(0.5);
    double unmoved = Flicker.of(before, after);
    assertThat(unmoved).isGreaterThanOrEqualTo(down == 0 && right == 0 ? 0 : 10);
  }

  @Test
  void noiseOverAShiftIsTheErrorThatIsLeft() {
    Clips.Level noise = Clips.noise(SEED, 3);
    Plane after =
        Clips.plane(HEIGHT, WIDTH, (y, x) -> WAVES.at(y - 1, x - 2) + noise.at(y, x) - 128);
    assertThat(error(frame(0, 0), after)).as("seed %d", SEED).isBetween(5.0, 12.0);
  }

  @Test
  void flickerIsTheMeanDifference() {
    Plane brighter = Clips.plane(HEIGHT, WIDTH, (y, x) -> WAVES.at(y, x) + 3);
    assertThat(Flicker.of(frame(0, 0), brighter)).isCloseTo(3, within(1e-4));
  }

  @Test
  void constantVelocityHasNoAcceleration() {
    Flow back = OpticalFlow.between(frame(0, 0), frame(1, -2), 2);
    assertThat(Acceleration.of(OpticalFlow.between(frame(0, 0), frame(-1, 2), 2), back))
        .as("seed %d", SEED)
        .isLessThan(0.25);
    assertThat(Acceleration.of(OpticalFlow.between(frame(0, 0), frame(2, 2), 2), back))
        .as("3 pixels down a frame squared")
        .isCloseTo(3, within(0.3));
  }
}
