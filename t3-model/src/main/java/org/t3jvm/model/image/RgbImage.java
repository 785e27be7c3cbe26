package org.t3jvm.model.image;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * A picture [height, width, 3] uint8, row-major.
 *
 * @param rgb red, green and blue of each pixel; not copied
 */
@SuppressWarnings("ArrayRecordComponent")
public record RgbImage(int height, int width, byte[] rgb) {
  /** Red, green and blue. */
  public static final int COLOURS = 3;

  private static final float LEVEL = (float) (2.0 / 255);
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  public RgbImage {
    if (height < 1 || width < 1 || rgb.length != (long) height * width * COLOURS) {
      throw new IllegalArgumentException(
          "%d bytes are no image of %dx%d pixels".formatted(rgb.length, width, height));
    }
  }

  /** The picture as one frame F32 [1, height, width, 3] in [-1, 1]: {@code p * (2/255) - 1}. */
  public Tensor pixels() {
    Tensor pixels = Tensor.allocate(DType.F32, Shape.of(1, height, width, COLOURS));
    pixels(pixels);
    return pixels;
  }

  /** Writes the picture over a frame F32 [1, height, width, 3], as {@link #pixels()}. */
  public void pixels(Tensor frame) {
    MemorySegment segment = frame.segment();
    for (int i = 0; i < rgb.length; i++) {
      segment.set(F32, (long) i * Float.BYTES, (rgb[i] & 0xFF) * LEVEL - 1);
    }
  }
}
