package org.t3jvm.model.vae.tile;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.t3jvm.model.vae.SpillFile;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;

/**
 * Planes of values that overlapping tiles make together (SPEC 8): sums of weighted values in a
 * temporary file, and of the weights, which all planes share, in memory.
 */
final class TileBlend implements AutoCloseable {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena = Arena.ofShared();
  private final SpillFile sums;
  private final Tensor weights;
  private final int height;
  private final int width;
  private final int channels;

  /**
   * For {@code planes} planes [height, width, channels].
   *
   * @throws IOException if there is no room for a temporary file
   */
  TileBlend(long planes, int height, int width, int channels) throws IOException {
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.weights = Tensor.allocate(arena, DType.F32, Shape.of(height, width));
    this.sums = SpillFile.create("tiles");
    // The file ends with its last value; what has not been written before that reads as zeros.
    sums.write(offset(planes - 1, height - 1, width) - Float.BYTES, arena.allocate(Float.BYTES));
  }

  private long offset(long plane, int row, int column) {
    return ((plane * height + row) * width + column) * channels * Float.BYTES;
  }

  /** Counts a tile's weights; once for each tile, whatever the planes. */
  void addWeights(int row, int column, TileMask mask) {
    for (int i = 0; i < mask.rows().length; i++) {
      for (int j = 0; j < mask.columns().length; j++) {
        long at = ((long) (row + i) * width + column + j) * Float.BYTES;
        weights.segment().set(F32, at, weights.segment().get(F32, at) + mask.at(i, j));
      }
    }
  }

  /**
   * Adds a tile's values to a plane.
   *
   * @param values of the mask's size, [rows, columns, channels]
   */
  void add(long plane, int row, int column, TileMask mask, MemorySegment values)
      throws IOException {
    int columns = mask.columns().length;
    long line = (long) columns * channels * Float.BYTES;
    try (Arena memory = Arena.ofConfined()) {
      MemorySegment sum = memory.allocate(line, Tensor.ALIGNMENT);
      for (int i = 0; i < mask.rows().length; i++) {
        long at = offset(plane, row + i, column);
        sums.read(at, sum);
        for (int j = 0; j < columns * channels; j++) {
          float value = values.get(F32, i * line + (long) j * Float.BYTES);
          float weighted = value * mask.at(i, j / channels);
          sum.setAtIndex(F32, j, sum.getAtIndex(F32, j) + weighted);
        }
        sums.write(at, sum);
      }
    }
  }

  /** A plane [height, width, channels] into {@code target}: the sums over the weights. */
  void blended(long plane, MemorySegment target) throws IOException {
    sums.read(offset(plane, 0, 0), target);
    for (long i = 0; i < (long) height * width; i++) {
      float weight = weights.segment().getAtIndex(F32, i);
      for (long j = i * channels; j < (i + 1) * channels; j++) {
        target.setAtIndex(F32, j, target.getAtIndex(F32, j) / weight);
      }
    }
  }

  /** Bytes of the temporary file. */
  static long bytes(long planes, int height, int width, int channels) {
    return planes * height * width * channels * Float.BYTES;
  }

  @Override
  public void close() throws IOException {
    arena.close();
    sums.close();
  }
}
