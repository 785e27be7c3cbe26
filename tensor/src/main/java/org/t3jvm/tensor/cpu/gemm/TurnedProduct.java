package org.t3jvm.tensor.cpu.gemm;

import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;

/**
 * A linear map of fewer rows than columns as the product of its weight, whose rows tiles take as
 * they lie, by x as packed columns: what is turned element by element is the smaller side. A task
 * makes a block of columns of all rows and turns its sums while it writes them. They are added in
 * the order of {@link TiledProduct}.
 *
 * <p>If x is small a task keeps all of it in its cache and takes the weight's rows whole, one tile
 * after the other, so that memory is read as one stream; else it takes a part of the inner size of
 * all of its columns at a time.
 */
final class TurnedProduct implements CpuKernel {
  /** Rows at most: as many as the sums of a block may have in a second-level cache. */
  private static final int MOST_ROWS = 512;

  /** Bytes of packed rows at most. */
  private static final long MOST_BYTES = 64L << 20;

  /** Columns of a block at most, if x is taken in parts. */
  private static final int MOST_COLUMNS = 240;

  /** Floats of an x that is kept whole. */
  private static final int KEPT_FLOATS = 1 << 18;

  /** Columns of a block then: loading x must take a small share, and sums stay in the cache. */
  private static final int FEWEST_BESIDE_KEPT = 96;

  private static final int MOST_BESIDE_KEPT = 960;

  /** Blocks that are wanted then, where columns suffice. */
  private static final int BLOCKS = 16;

  private final Product product;
  private final WeightColumns weights;
  private final PackedPanels packed;
  private final int rows;
  private final int panels;
  private final boolean keeps;
  private final int blockColumns;

  private TurnedProduct(Product product, WeightColumns weights, PackedPanels packed) {
    this.product = product;
    this.weights = weights;
    this.packed = packed;
    this.rows = Math.toIntExact(product.rows().rows());
    this.panels = Tile.panels(rows);
    this.keeps = (long) panels * Tile.COLUMNS * packed.depth() <= KEPT_FLOATS;
    this.blockColumns = blockColumns(product.columns());
  }

  private int blockColumns(int columns) {
    if (keeps) {
      int wanted = Tile.wholeRows(Math.ceilDiv(columns, BLOCKS));
      return Math.clamp(wanted, FEWEST_BESIDE_KEPT, MOST_BESIDE_KEPT);
    }
    // An even number of blocks, which two or four threads share evenly.
    int blocks = 2 * Math.ceilDiv(columns, 2 * MOST_COLUMNS);
    return Tile.wholeRows(Math.ceilDiv(columns, blocks));
  }

  /** Whether a linear map has so few rows. */
  static boolean suits(Product product) {
    long rows = product.rows().rows();
    return rows <= Math.min(MOST_ROWS, product.columns())
        && Tile.panels(rows) * packed(product).panelBytes() <= MOST_BYTES;
  }

  private static PackedPanels packed(Product product) {
    return new PackedPanels(product.rows().depth(), false);
  }

  static LoweredOp lower(Product product, WeightColumns weights) {
    PackedPanels packed = packed(product);
    TurnedProduct turned = new TurnedProduct(product, weights, packed);
    PanelPacker packer = new PanelPacker(new TurnedRows(product.rows()));
    return new LoweredOp(
        List.of(new PackColumns(packer, packed, 0, turned.panels), turned),
        turned.panels * packed.panelBytes());
  }

  @Override
  public int tasks() {
    return Math.ceilDiv(product.columns(), blockColumns);
  }

  /** Packed rows lie before the sums: all of them, or a part of one panel. */
  private int sumsStart() {
    return Tile.COLUMNS * (keeps ? panels * packed.depth() : Tile.DEPTH);
  }

  private int weightsStart() {
    return sumsStart() + panels * blockColumns * Tile.COLUMNS;
  }

  @Override
  public int scratchFloats() {
    int tileRows = Tile.ROWS * Math.max(1, Math.ceilDiv(packed.depth(), Tile.DEPTH));
    return weightsStart() + Tile.DEPTH * (keeps ? tileRows : blockColumns);
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] x = own.floats();
    int first = task * blockColumns;
    int count = Math.min(blockColumns, product.columns() - first);
    Arrays.fill(x, sumsStart(), weightsStart(), 0);
    if (keeps) {
      multiplyKept(frame, first, count, x);
    } else {
      multiplyParts(frame, first, count, x);
    }
    for (int row = 0; row < rows; row++) {
      write(frame, row, first, count, x);
    }
  }

  private void multiplyKept(Frame frame, int first, int count, float[] x) {
    int depth = packed.depth();
    for (int panel = 0; panel < panels; panel++) {
      packed.load(frame, panel, 0, depth, x, panel * depth * Tile.COLUMNS);
    }
    for (int column = 0; column < count; column += Tile.ROWS) {
      for (int i = 0; i < Math.min(Tile.ROWS, count - column); i++) {
        for (int from = 0; from < depth; from += Tile.DEPTH) {
          int to = weightsStart() + from * Tile.ROWS + i * Tile.DEPTH;
          weights.read(frame, first + column + i, from, steps(from), x, to);
        }
      }
      for (int from = 0; from < depth; from += Tile.DEPTH) {
        for (int panel = 0; panel < panels; panel++) {
          int b = (panel * depth + from) * Tile.COLUMNS;
          multiply(x, weightsStart() + from * Tile.ROWS, b, from, panel, column);
        }
      }
    }
  }

  private void multiplyParts(Frame frame, int first, int count, float[] x) {
    for (int from = 0; from < packed.depth(); from += Tile.DEPTH) {
      for (int i = 0; i < count; i++) {
        weights.read(frame, first + i, from, steps(from), x, weightsStart() + i * Tile.DEPTH);
      }
      for (int panel = 0; panel < panels; panel++) {
        packed.load(frame, panel, from, steps(from), x, 0);
        for (int column = 0; column < count; column += Tile.ROWS) {
          multiply(x, weightsStart() + column * Tile.DEPTH, 0, from, panel, column);
        }
      }
    }
  }

  private int steps(int from) {
    return Math.min(Tile.DEPTH, packed.depth() - from);
  }

  /** One tile: some columns of the block by a panel of rows, both from {@code from} on. */
  private void multiply(float[] x, int a, int b, int from, int panel, int column) {
    int width = rows - panel * Tile.COLUMNS;
    MicroKernel.multiply(x, a, x, b, steps(from), width, x, sums(panel, column));
  }

  private int sums(int panel, int column) {
    return sumsStart() + (panel * blockColumns + column) * Tile.COLUMNS;
  }

  /** Some columns of a row, gathered where weights were. */
  private void write(Frame frame, int row, int first, int count, float[] x) {
    int from = sums(row / Tile.COLUMNS, 0) + row % Tile.COLUMNS;
    for (int i = 0; i < count; i++) {
      x[weightsStart() + i] = x[from + i * Tile.COLUMNS];
    }
    long at = (long) row * product.columns() + first;
    TiledProduct.writeRow(
        x,
        weightsStart(),
        count,
        product.bias() == null ? null : frame.segment(product.bias()),
        first,
        frame.segment(product.out()),
        at);
    product.epilogue().run(at, at + count, frame);
  }
}
