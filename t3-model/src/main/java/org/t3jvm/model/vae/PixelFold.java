package org.t3jvm.model.vae;

import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Folds squares of {@code factor} x {@code factor} pixels into the channels of one position, in the
 * order colour, column, row (SPEC 7), or colour, row, column.
 *
 * @param rowsFirst whether rows come before columns, as torch's {@code pixel_shuffle} has them
 */
record PixelFold(int factor, boolean rowsFirst) {
  private static final int COLOURS = 3;

  /** Pixels [F, H, W, 3] to [F, H/factor, W/factor, 3*factor*factor]. */
  Value fold(Tracer g, Value pixels) {
    if (factor == 1) {
      return pixels;
    }
    long frames = pixels.shape().dim(0);
    long h = pixels.shape().dim(1) / factor;
    long w = pixels.shape().dim(2) / factor;
    Value squares = g.reshape(pixels, frames, h, factor, w, factor, COLOURS);
    Value ordered =
        rowsFirst ? g.permute(squares, 0, 1, 3, 5, 2, 4) : g.permute(squares, 0, 1, 3, 5, 4, 2);
    return g.reshape(ordered, frames, h, w, (long) COLOURS * factor * factor);
  }

  /** The inverse of {@link #fold}. */
  Value unfold(Tracer g, Value folded) {
    if (factor == 1) {
      return folded;
    }
    long frames = folded.shape().dim(0);
    long h = folded.shape().dim(1);
    long w = folded.shape().dim(2);
    Value squares = g.reshape(folded, frames, h, w, COLOURS, factor, factor);
    Value ordered =
        rowsFirst ? g.permute(squares, 0, 1, 4, 2, 5, 3) : g.permute(squares, 0, 1, 5, 2, 4, 3);
    return g.reshape(ordered, frames, h * factor, w * factor, COLOURS);
  }
}
