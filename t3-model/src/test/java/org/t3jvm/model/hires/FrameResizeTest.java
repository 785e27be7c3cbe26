package org.t3jvm.model.hires;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/** Frames resized between two passes, against the formula in float64 (SPEC 20.1). */
class FrameResizeTest {
  private static final long SEED = 3;

  @ParameterizedTest
  @CsvSource({"4, 6, 8, 12", "5, 7, 11, 16", "3, 3, 7, 3", "6, 4, 4, 3", "1, 1, 3, 2"})
  void theFormulaIsThatOfHalfPixelCentres(int h, int w, int height, int width) {
    Tensor frames = new TorchRandom(SEED).randn(Shape.of(2, h, w, 3));
    Tensor resized = FrameResize.bilinear(Arena.ofAuto(), frames, height, width);
    assertThat(resized.shape()).isEqualTo(Shape.of(2, height, width, 3));
    long at = 0;
    for (int f = 0; f < 2; f++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < 3; c++, at++) {
            assertThat(resized.getDouble(at))
                .as("frame %d, row %d, column %d, seed %d", f, y, x, SEED)
                .isCloseTo(
                    at(frames, f, position(y, h, height), position(x, w, width), c),
                    Offset.offset(2e-6));
          }
        }
      }
    }
  }

  private static double position(int i, int in, int out) {
    return Math.clamp((i + 0.5) * in / out - 0.5, 0, in - 1);
  }

  /** The value between four pixels. */
  private static double at(Tensor frames, int f, double y, double x, int c) {
    double sum = 0;
    for (int row = 0; row < frames.shape().intDim(1); row++) {
      for (int column = 0; column < frames.shape().intDim(2); column++) {
        double weight = Math.max(0, 1 - Math.abs(y - row)) * Math.max(0, 1 - Math.abs(x - column));
        long index = ((f * frames.shape().dim(1) + row) * frames.shape().dim(2) + column) * 3 + c;
        sum += weight * frames.getDouble(index);
      }
    }
    return sum;
  }

  @Test
  void theSameSizeIsTheSameFrames() {
    Tensor frames = new TorchRandom(SEED).randn(Shape.of(1, 4, 5, 3));
    assertThat(FrameResize.bilinear(Arena.ofAuto(), frames, 4, 5).toFloats())
        .isEqualTo(frames.toFloats());
  }
}
