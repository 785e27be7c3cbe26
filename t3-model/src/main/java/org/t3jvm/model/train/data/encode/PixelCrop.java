package org.t3jvm.model.train.data.encode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.random.TorchRandom;

/**
 * Cuts pieces out of clips, as an autoencoder is trained on.
 *
 * @param frames of a piece
 * @param height pixels
 * @param width pixels
 */
public record PixelCrop(int frames, int height, int width) {
  private static final float LEVEL = (float) (2.0 / 255);
  private static final int COLOURS = 3;

  /**
   * A piece from a random place and time.
   *
   * @param pixels U8 [F, H, W, 3]
   * @return F32 [frames, height, width, 3] in [-1, 1]
   * @throws IllegalArgumentException if the clip is smaller
   */
  public Tensor draw(Tensor pixels, TorchRandom random) {
    Shape shape = pixels.shape();
    if (shape.dim(0) < frames || shape.dim(1) < height || shape.dim(2) < width) {
      throw new IllegalArgumentException(
          "a piece of %d frames of %dx%d does not fit into a clip %s"
              .formatted(frames, width, height, shape));
    }
    int first = below(random, shape.intDim(0) - frames + 1);
    int top = below(random, shape.intDim(1) - height + 1);
    int left = below(random, shape.intDim(2) - width + 1);
    Tensor piece = Tensor.allocate(DType.F32, Shape.of(frames, height, width, COLOURS));
    float[] row = new float[width * COLOURS];
    for (int f = 0; f < frames; f++) {
      for (int y = 0; y < height; y++) {
        long from = (((first + f) * shape.dim(1) + top + y) * shape.dim(2) + left) * COLOURS;
        for (int i = 0; i < row.length; i++) {
          int level = Byte.toUnsignedInt(pixels.segment().get(ValueLayout.JAVA_BYTE, from + i));
          row[i] = level * LEVEL - 1;
        }
        piece
            .segment()
            .asSlice((long) (f * height + y) * row.length * Float.BYTES)
            .copyFrom(MemorySegment.ofArray(row));
      }
    }
    return piece;
  }

  private static int below(TorchRandom random, int bound) {
    return (int) (random.nextWord() % bound);
  }
}
