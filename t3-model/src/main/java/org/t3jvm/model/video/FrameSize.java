package org.t3jvm.model.video;

/** The size of a frame in pixels. */
public record FrameSize(int height, int width) {
  /** The smallest size that holds this one and whose sides are multiples of {@code multiple}. */
  public FrameSize paddedTo(int multiple) {
    return new FrameSize(
        Math.ceilDiv(height, multiple) * multiple, Math.ceilDiv(width, multiple) * multiple);
  }

  /** As {@code 3840x2160}, the width first. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
