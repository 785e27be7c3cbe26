package org.t3jvm.model.vae.tile;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** A rectangle of a plane, in latent cells. */
public record Tile(int row, int column, int rows, int columns) {
  /** This tile of latents F32 [z, T, h, w]. */
  Tensor ofLatents(Tensor latents) {
    Shape shape = latents.shape();
    Shape planes = Shape.of(shape.dim(0) * shape.dim(1), shape.dim(2), shape.dim(3), 1);
    return cut(latents.reshape(planes), 1).reshape(shape.with(2, rows).with(3, columns));
  }

  /** This tile of frames F32 [F, H, W, 3], a cell being {@code scale} x {@code scale} pixels. */
  Tensor ofFrames(Tensor frames, int scale) {
    return cut(frames, scale);
  }

  private Tensor cut(Tensor x, int scale) {
    long height = (long) rows * scale;
    Tensor part =
        Tensor.allocate(DType.F32, x.shape().with(1, height).with(2, (long) columns * scale));
    long from = x.shape().inner(1) * Float.BYTES;
    long line = part.shape().inner(1) * Float.BYTES;
    long start = (long) column * scale * x.shape().dim(3) * Float.BYTES;
    for (long plane = 0; plane < x.shape().dim(0); plane++) {
      for (long i = 0; i < height; i++) {
        long above = plane * x.shape().dim(1) + (long) row * scale + i;
        MemorySegment.copy(
            x.segment(), above * from + start, part.segment(), (plane * height + i) * line, line);
      }
    }
    return part;
  }
}
