package org.t3jvm.tensor.graph;

/**
 * Strides and zero padding of a {@link Op.Conv3d}, along t (frames), h (rows) and w (columns), in
 * elements; padding before and after may differ.
 */
public record ConvGeometry(
    int strideT,
    int strideH,
    int strideW,
    int padTBefore,
    int padTAfter,
    int padHBefore,
    int padHAfter,
    int padWBefore,
    int padWAfter) {

  public ConvGeometry {
    if (strideT < 1 || strideH < 1 || strideW < 1) {
      throw new IllegalArgumentException("conv3d: strides must be at least 1");
    }
    if (Math.min(padTBefore, padTAfter) < 0
        || Math.min(padHBefore, padHAfter) < 0
        || Math.min(padWBefore, padWAfter) < 0) {
      throw new IllegalArgumentException("conv3d: padding must not be negative");
    }
  }

  /** Stride 1 and no padding. */
  public static ConvGeometry valid() {
    return new ConvGeometry(1, 1, 1, 0, 0, 0, 0, 0, 0);
  }

  /** Stride 1, padding (k-1)/2 on both sides in space, none in time: causal state is prepended. */
  public static ConvGeometry sameInSpace(int kernelH, int kernelW) {
    int h = (kernelH - 1) / 2;
    int w = (kernelW - 1) / 2;
    return new ConvGeometry(1, 1, 1, 0, 0, h, h, w, w);
  }

  /** The same with {@code frames} frames of zeros before the first. */
  public ConvGeometry withTimeBefore(int frames) {
    return new ConvGeometry(
        strideT, strideH, strideW, frames, padTAfter, padHBefore, padHAfter, padWBefore, padWAfter);
  }

  /** Frames, rows or columns that come out of {@code extent} padded ones. */
  static long outputExtent(long extent, int kernel, int stride, int before, int after) {
    long padded = extent + before + after;
    return padded < kernel ? 0 : (padded - kernel) / stride + 1;
  }
}
