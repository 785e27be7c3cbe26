package org.t3jvm.model.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.t3jvm.model.dit.T3Windows;
import org.t3jvm.model.image.RgbImage;
import org.t3jvm.model.video.FrameSize;

/** Every measure of one clip, frame by frame. */
class VideoMeasurerTest {
  private static final long SEED = 9;

  private static RgbImage frame(int t, double sigma) {
    Clips.Level waves = Clips.waves(SEED);
    Clips.Level noise = Clips.noise(SEED + t, sigma);
    return Clips.grey(Clips.plane(48, 64, (y, x) -> waves.at(y, x - 2 * t) + noise.at(y, x) - 128));
  }

  @Test
  void curvesHaveOneValueAFrameOrAPair() {
    VideoMeasurer measurer =
        new VideoMeasurer(
            SeamLines.of(
                T3Windows.parse("2,1,1;1,3,2"),
                5,
                new FrameSize(48, 64),
                new FrameSize(48, 64),
                16),
            2);
    for (int t = 0; t < 5; t++) {
      measurer.add(frame(t, t), frame(t, 0));
    }
    VideoMeasures measures = measurer.measures();
    assertThat(measures.frames()).isEqualTo(5);
    assertThat(measures.curves().get(Measure.PSNR)).hasSize(5);
    assertThat(measures.curves().get(Measure.SSIM)).hasSize(5);
    assertThat(measures.curves().get(Measure.WARPING_ERROR)).hasSize(4);
    assertThat(measures.curves().get(Measure.ACCELERATION)).hasSize(3);
    assertThat(measures.octaves()).hasSize(OctaveEnergy.OCTAVES);
    assertThat(measures.seams()).extracting(energy -> energy.lines().kind()).contains(1);
    // The first frames are equal, the others have noise of 1 to 4 levels and a rounding error.
    double variance = (1 + 4 + 9 + 16) / 5.0 + 4 / 6.0 / 5;
    assertThat(measures.value(Measure.PSNR))
        .as("seed %d", SEED)
        .isCloseTo(10 * Math.log10(255 * 255 / variance), within(0.3));
    assertThat(measures.value(Measure.MOTION)).isCloseTo(2, within(0.2));
  }

  @Test
  void aVideoOfOneFrameHasNoMotion() {
    VideoMeasurer measurer = new VideoMeasurer(null, 2);
    assertThatIllegalStateException().isThrownBy(measurer::measures);
    measurer.add(frame(0, 0), null);
    assertThat(measurer.measures().value(Measure.MOTION)).isNaN();
    assertThat(measurer.measures().value(Measure.PSNR)).isNaN();
    assertThat(measurer.measures().value(Measure.SHARPNESS)).isPositive();
  }
}
