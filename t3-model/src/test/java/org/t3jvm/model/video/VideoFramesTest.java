package org.t3jvm.model.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

class VideoFramesTest {
  @Test
  void levelsAreCutNotRounded() {
    float[] values = {-1f, 1f, 0f, -3f, 7f, 0.999f, Float.NaN, Math.nextDown(1f)};
    byte[] row = VideoFrames.toRgb8(grey(values))[0];
    int[] levels = {0, 255, 127, 0, 255, 254, 0, 255};
    for (int i = 0; i < values.length; i++) {
      assertThat(row[3 * i] & 0xFF).as("level of %s", values[i]).isEqualTo(levels[i]);
    }
  }

  /** Every level's own value, as a reader of 8-bit video gives it, survives. */
  @Test
  void framesKeepTheirOrder() {
    int frames = 2;
    int height = 3;
    int width = 5;
    SplittableRandom random = new SplittableRandom(11);
    float[] values = new float[3 * frames * height * width];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1.2, 1.2);
    }
    byte[][] rgb = VideoFrames.toRgb8(Tensor.ofFloats(Shape.of(frames, height, width, 3), values));
    assertThat(rgb).hasDimensions(frames, height * width * 3);
    for (int t = 0; t < frames; t++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < 3; c++) {
            float value = values[((t * height + y) * width + x) * 3 + c];
            int expected = (int) Math.min(255f, Math.max(0f, (value + 1f) * 127.5f));
            assertThat(rgb[t][(y * width + x) * 3 + c] & 0xFF)
                .as("seed 11, frame %d, row %d, column %d, channel %d", t, y, x, c)
                .isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void otherTensorsAreRefused() {
    assertThatThrownBy(() -> VideoFrames.toRgb8(Tensor.allocate(DType.F32, Shape.of(1, 2, 2, 4))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[1, 2, 2, 4]");
    assertThatThrownBy(() -> VideoFrames.toRgb8(Tensor.allocate(DType.BF16, Shape.of(1, 2, 2, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BF16");
  }

  /** One row of pixels whose three channels are equal. */
  private static Tensor grey(float[] values) {
    float[] pixels = new float[3 * values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = values[i / 3];
    }
    return Tensor.ofFloats(Shape.of(1, 1, values.length, 3), pixels);
  }
}
