package org.t3jvm.model.train;

import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/** What a model is trained on at a share of noise, made of clean latents and noise. */
public final class NoisedSample {
  private NoisedSample() {}

  /** {@code (1 - sigma) x0 + sigma eps}, all F32 of one shape. */
  public static Tensor noised(Tensor x0, Tensor noise, float sigma) {
    Tensor result = Tensor.allocate(DType.F32, x0.shape());
    for (long i = 0; i < x0.shape().elements(); i++) {
      float clean = (1 - sigma) * (float) x0.getDouble(i);
      result.setDouble(i, clean + sigma * (float) noise.getDouble(i));
    }
    return result;
  }

  /** The velocity {@code eps - x0}. */
  public static Tensor velocity(Tensor x0, Tensor noise) {
    Tensor result = Tensor.allocate(DType.F32, x0.shape());
    for (long i = 0; i < x0.shape().elements(); i++) {
      result.setDouble(i, (float) noise.getDouble(i) - (float) x0.getDouble(i));
    }
    return result;
  }

  /**
   * Latents [..., H, W] at half the size and back (SPEC 21.2): means of 2 x 2 cells, of which a
   * last odd row or column has none, then bilinear with half-pixel centres.
   */
  public static Tensor downUp(Tensor x0) {
    Shape shape = x0.shape();
    int h = shape.intDim(-2);
    int w = shape.intDim(-1);
    if (h < 2 || w < 2) {
      throw new IllegalArgumentException(
          "down-up needs at least 2 x 2 cells, got latents " + x0.shape());
    }
    Tensor result = Tensor.allocate(DType.F32, shape);
    for (long plane = 0; plane < shape.outer(shape.rank() - 2); plane++) {
      long at = plane * h * w;
      float[][] half = new float[h / 2][w / 2];
      for (int y = 0; y < h / 2; y++) {
        for (int x = 0; x < w / 2; x++) {
          long cell = at + 2L * y * w + 2L * x;
          half[y][x] =
              (float)
                  ((x0.getDouble(cell)
                          + x0.getDouble(cell + 1)
                          + x0.getDouble(cell + w)
                          + x0.getDouble(cell + w + 1))
                      / 4);
        }
      }
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          result.setDouble(at + (long) y * w + x, bilinear(half, place(y, h), place(x, w)));
        }
      }
    }
    return result;
  }

  /** Where a row or column of {@code extent} lies among half as many. */
  private static double place(int index, int extent) {
    int half = extent / 2;
    return Math.max(0, (index + 0.5) * half / extent - 0.5);
  }

  private static double bilinear(float[][] cells, double y, double x) {
    int y0 = (int) y;
    int x0 = (int) x;
    int y1 = Math.min(y0 + 1, cells.length - 1);
    int x1 = Math.min(x0 + 1, cells[0].length - 1);
    double upper = cells[y0][x0] * (1 - (x - x0)) + cells[y0][x1] * (x - x0);
    double lower = cells[y1][x0] * (1 - (x - x0)) + cells[y1][x1] * (x - x0);
    return upper * (1 - (y - y0)) + lower * (y - y0);
  }
}
