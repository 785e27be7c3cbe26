package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;

/**
 * Multiplies rows by panels of columns. A task makes one block of the result: its sums stay in the
 * worker's cache, tile after tile, while the inner size goes by.
 *
 * <p>Where several blocks of rows share the panels, an earlier phase has left them in the temporary
 * memory; where there is one such block of a linear map, a task packs them itself.
 */
final class TiledProduct implements CpuKernel {
  /** Rows of a block at most; its left side and its sums share a second-level cache. */
  static final int BLOCK_ROWS = 240;

  /** Panels of a block at most: 512 columns of 16 lanes. */
  private static final int BLOCK_PANELS = 16;

  /** Blocks that a single block of rows is split into, where its panels suffice for so many. */
  private static final int BLOCKS_ALONE = 32;

  /** Panels of a block at least: with fewer, packing the rows takes too large a share. */
  private static final int FEWEST_PANELS = 4;

  private final Product product;
  private final @Nullable Panels packer;
  private final @Nullable PackedPanels packed;
  private final int firstPanel;
  private final int panels;
  private final long rows;
  private final int depth;
  private final int columns;
  private final int rowBlocks;
  private final int blockRows;
  private final int blockPanels;
  private final int panelBlocks;

  /** A product with those panels that the temporary memory holds. */
  TiledProduct(Product product, PackedPanels packed, int firstPanel, int panels) {
    this(product, null, packed, firstPanel, panels);
  }

  /** A product with all panels, which its tasks pack. */
  TiledProduct(Product product, Panels packer) {
    this(product, packer, null, 0, Tile.panels(product.columns()));
  }

  private TiledProduct(
      Product product,
      @Nullable Panels packer,
      @Nullable PackedPanels packed,
      int firstPanel,
      int panels) {
    this.product = product;
    this.packer = packer;
    this.packed = packed;
    this.firstPanel = firstPanel;
    this.panels = panels;
    this.rows = product.rows().rows();
    this.depth = product.rows().depth();
    this.columns = product.columns();
    this.rowBlocks = Math.toIntExact(Math.ceilDiv(rows, (long) BLOCK_ROWS));
    this.blockRows = Tile.wholeRows(Math.toIntExact(Math.ceilDiv(rows, (long) rowBlocks)));
    this.blockPanels =
        oneBlock(product)
            ? Math.clamp(Math.ceilDiv(panels, BLOCKS_ALONE), FEWEST_PANELS, BLOCK_PANELS)
            : BLOCK_PANELS;
    this.panelBlocks = Math.ceilDiv(panels, blockPanels);
  }

  /** Whether a product has one block of rows, so that each panel is used once. */
  static boolean oneBlock(Product product) {
    return product.rows().rows() <= BLOCK_ROWS;
  }

  @Override
  public int tasks() {
    return Math.multiplyExact(rowBlocks, panelBlocks);
  }

  @Override
  public int scratchFloats() {
    return bufferStart() + (packer == null ? 0 : Panels.BUFFER);
  }

  private static int sumsStart() {
    return Tile.DEPTH * Tile.COLUMNS;
  }

  private int leftStart() {
    return sumsStart() + blockRows * Math.min(panels, blockPanels) * Tile.COLUMNS;
  }

  private int bufferStart() {
    return leftStart() + (blockRows + product.rows().extraRows()) * Tile.DEPTH;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    long firstRow = (long) (task % rowBlocks) * blockRows;
    int count = Math.clamp(rows - firstRow, 0, blockRows);
    if (count == 0) {
      return;
    }
    int panelStart = task / rowBlocks * blockPanels;
    int panelCount = Math.min(blockPanels, panels - panelStart);
    Arrays.fill(scratch, sumsStart(), leftStart(), 0);
    int steps;
    for (int from = 0; from < depth; from += steps) {
      steps = product.rows().steps(from);
      if (!product.rows().mayDiffer(firstRow, count, from)) {
        continue;
      }
      int left = product.rows().pack(frame, firstRow, count, from, steps, scratch, leftStart());
      multiply(frame, panelStart, panelCount, from, steps, count, left, scratch);
    }
    write(frame, firstRow, count, panelStart, panelCount, scratch);
  }

  private void multiply(
      Frame frame,
      int panelStart,
      int panelCount,
      int from,
      int steps,
      int count,
      int left,
      float[] scratch) {
    for (int p = 0; p < panelCount; p++) {
      loadPanel(frame, panelStart + p, from, steps, scratch);
      int sums = sumsStart() + p * blockRows * Tile.COLUMNS;
      int width = columns - (firstPanel + panelStart + p) * Tile.COLUMNS;
      for (int row = 0; row < count; row += Tile.ROWS) {
        int a = left + row * Tile.DEPTH;
        int c = sums + row * Tile.COLUMNS;
        MicroKernel.multiply(scratch, a, scratch, 0, steps, width, scratch, c);
      }
    }
  }

  private void loadPanel(Frame frame, int panel, int from, int steps, float[] scratch) {
    if (packer != null) {
      packer.pack(frame, firstPanel + panel, from, steps, scratch, 0, bufferStart());
    } else if (packed != null) {
      packed.load(frame, panel, from, steps, scratch, 0);
    }
  }

  private void write(
      Frame frame, long firstRow, int count, int panelStart, int panelCount, float[] scratch) {
    MemorySegment out = frame.segment(product.out());
    @Nullable MemorySegment bias = product.bias() == null ? null : frame.segment(product.bias());
    int firstColumn = (firstPanel + panelStart) * Tile.COLUMNS;
    int endColumn = Math.min(columns, firstColumn + panelCount * Tile.COLUMNS);
    for (int row = 0; row < count; row++) {
      long resultRow = product.rows().resultRow(firstRow + row);
      if (resultRow < 0) {
        continue;
      }
      long start = resultRow * columns;
      for (int p = 0; p < panelCount; p++) {
        int column = firstColumn + p * Tile.COLUMNS;
        int width = Math.min(Tile.COLUMNS, columns - column);
        int sums = sumsStart() + (p * blockRows + row) * Tile.COLUMNS;
        writeRow(scratch, sums, width, bias, column, out, start + column);
      }
      product.epilogue().run(start + firstColumn, start + endColumn, frame);
    }
  }

  /** Writes some sums of a row, and the bias of the columns from {@code column} on. */
  static void writeRow(
      float[] sums,
      int from,
      int width,
      @Nullable MemorySegment bias,
      int column,
      MemorySegment out,
      long at) {
    int i = 0;
    for (; i + Lanes.COUNT <= width; i += Lanes.COUNT) {
      FloatVector sum = FloatVector.fromArray(Lanes.F, sums, from + i);
      Lanes.store(bias == null ? sum : sum.add(Lanes.load(bias, column + i)), out, at + i);
    }
    for (; i < width; i++) {
      float sum = sums[from + i];
      Lanes.set(out, at + i, bias == null ? sum : sum + Lanes.get(bias, column + i));
    }
  }
}
