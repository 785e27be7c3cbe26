package org.t3jvm.model.video;

import java.io.IOException;

/**
 * Takes frames that are larger than requested and passes on their middle. Where an odd number of
 * rows or columns goes, the last side loses one more.
 */
public final class CroppingSink implements FrameSink {
  private static final int CHANNELS = 3;

  private final FrameSink sink;
  private final FrameSize whole;
  private final FrameSize middle;
  private final byte[] cropped;

  private CroppingSink(FrameSink sink, FrameSize whole, FrameSize middle) {
    this.sink = sink;
    this.whole = whole;
    this.middle = middle;
    this.cropped = new byte[middle.height() * middle.width() * CHANNELS];
  }

  /**
   * A sink of frames {@code whole} that gives frames {@code middle} to {@code sink}, which it owns;
   * {@code sink} itself if both are the same.
   *
   * @throws IllegalArgumentException if {@code middle} is larger than {@code whole}
   */
  public static FrameSink of(FrameSink sink, FrameSize whole, FrameSize middle) {
    if (middle.height() > whole.height() || middle.width() > whole.width()) {
      throw new IllegalArgumentException(
          "frames of %s have no middle of %s".formatted(whole, middle));
    }
    return whole.equals(middle) ? sink : new CroppingSink(sink, whole, middle);
  }

  @Override
  public void write(byte[] rgb) throws IOException {
    if (rgb.length != whole.height() * whole.width() * CHANNELS) {
      throw new IllegalArgumentException(
          "a frame of %s has %d bytes, not %d"
              .formatted(whole, whole.height() * whole.width() * CHANNELS, rgb.length));
    }
    int top = (whole.height() - middle.height()) / 2;
    int left = (whole.width() - middle.width()) / 2;
    int row = middle.width() * CHANNELS;
    for (int y = 0; y < middle.height(); y++) {
      int from = ((top + y) * whole.width() + left) * CHANNELS;
      System.arraycopy(rgb, from, cropped, y * row, row);
    }
    sink.write(cropped);
  }

  @Override
  public void finish() throws IOException {
    sink.finish();
  }

  @Override
  public void close() {
    sink.close();
  }
}
