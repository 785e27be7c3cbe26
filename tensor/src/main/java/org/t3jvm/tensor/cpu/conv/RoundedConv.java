package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.rounded.Sums;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.graph.Value;

/**
 * Multiplies packed lines by packed filters, sums where the result lies. Neighbours in a grid line
 * see overlapping parts of packed lines, so that they are the rows of a product as they lie: one
 * for each (kt, kh) of the kernel, of kw positions. A task makes a block of some grid lines, so
 * that a part of a panel stays in the first cache while the block's positions go by.
 */
final class RoundedConv implements CpuKernel {
  /** Positions of a block at most, if a line has so many; with its columns they share a cache. */
  private static final int BLOCK_POSITIONS = 240;

  /** Panels of a block at most. */
  private static final int BLOCK_PANELS = 16;

  /** Panels of a block at least, where there are few blocks of positions. */
  private static final int FEWEST_PANELS = 4;

  /** Blocks that few positions are split into, where panels suffice for so many. */
  private static final int BLOCKS = 32;

  /** Pairs of a part at most: of a panel they take 32 KiB. */
  private static final int PART = 256;

  /**
   * What is multiplied.
   *
   * @param bias [columns], or null
   * @param epilogue what follows on each part of the result
   */
  record Operands(
      Tiles tiles,
      ConvFields fields,
      RoundedFilters filters,
      @Nullable Value bias,
      Value out,
      Epilogue epilogue) {
    int outputs() {
      return filters.filters().columns();
    }
  }

  private final Operands operands;
  private final ConvFields fields;
  private final RoundedLines lines;
  private final int firstFrame;
  private final int firstRow;
  private final int rows;
  private final int gridLines;
  private final int blockColumns;
  private final int blockLines;
  private final int blockPanels;
  private final int across;
  private final int down;

  /**
   * @param lines all that the grid's part sees of x
   * @param firstFrame of the part, {@code frames} in all
   * @param firstRow of each frame of the part, {@code rows} in all
   */
  RoundedConv(
      Operands operands, RoundedLines lines, int firstFrame, int frames, int firstRow, int rows) {
    this.operands = operands;
    this.fields = operands.fields();
    this.lines = lines;
    this.firstFrame = firstFrame;
    this.firstRow = firstRow;
    this.rows = rows;
    this.gridLines = Math.multiplyExact(frames, rows);
    int width = fields.gridW();
    int pieces = Math.ceilDiv(width, BLOCK_POSITIONS);
    this.blockColumns = Math.ceilDiv(Math.ceilDiv(width, pieces), Tiles.ROWS) * Tiles.ROWS;
    this.blockLines = Math.max(1, BLOCK_POSITIONS / Math.min(width, blockColumns));
    this.across = Math.ceilDiv(width, blockColumns);
    this.down = Math.ceilDiv(gridLines, blockLines);
    int panels = operands.filters().panels();
    int wanted = Math.ceilDiv(BLOCKS, across * down);
    this.blockPanels = Math.clamp(panels / wanted, FEWEST_PANELS, BLOCK_PANELS);
  }

  @Override
  public int tasks() {
    int panelBlocks = Math.ceilDiv(operands.filters().panels(), blockPanels);
    return Math.multiplyExact(Math.multiplyExact(across, down), panelBlocks);
  }

  @Override
  public void run(int task, Frame frame, Scratch scratch) {
    int column = task % across * blockColumns;
    int columns = Math.min(blockColumns, fields.gridW() - column);
    int line = task / across % down * blockLines;
    int endLine = Math.min(gridLines, line + blockLines);
    int panel = task / across / down * blockPanels;
    int endPanel = Math.min(operands.filters().panels(), panel + blockPanels);
    int seen = fields.kernelW() * operands.filters().tapPairs();
    int part = Math.ceilDiv(seen, Math.ceilDiv(seen, PART));
    for (int dt = 0; dt < fields.kernelT(); dt++) {
      for (int dh = 0; dh < fields.kernelH(); dh++) {
        for (int from = 0; from < seen; from += part) {
          int pairs = Math.min(part, seen - from);
          for (int p = panel; p < endPanel; p++) {
            for (int l = line; l < endLine; l++) {
              multiply(frame, l, column, columns, p, dt, dh, from, pairs);
            }
          }
        }
      }
    }
    for (int l = line; l < endLine; l++) {
      finish(frame, l, column, columns, panel, endPanel);
    }
  }

  private int frame(int line) {
    return firstFrame + line / rows;
  }

  private int row(int line) {
    return firstRow + line % rows;
  }

  /** The uppermost row of x that a grid line sees, with padding. */
  private int top(int line) {
    return row(line) * fields.geometry().strideH() - fields.geometry().padHBefore();
  }

  /** The first frame of x that a grid line sees, with padding. */
  private int firstSeen(int line) {
    return frame(line) * fields.geometry().strideT() - fields.geometry().padTBefore();
  }

  /** One part of what a grid line sees of one line of x, by one panel. */
  private void multiply(
      Frame frame,
      int line,
      int column,
      int columns,
      int panel,
      int dt,
      int dh,
      int from,
      int pairs) {
    int t = firstSeen(line) + dt;
    int h = top(line) + dh;
    if (t < 0 || t >= fields.frames() || h < 0 || h >= fields.height()) {
      return;
    }
    boolean first = dt == Math.max(0, dt - t) && dh == Math.max(0, dh - h) && from == 0;
    int stride = fields.geometry().strideW();
    long pixel = RoundedLines.pixelBytes(fields.x());
    long position = (long) column * stride + lines.padding() - fields.geometry().padWBefore();
    int tap = (dt * fields.kernelH() + dh) * fields.kernelW();
    int output = panel * Tiles.COLUMNS;
    MemorySegment memory = frame.temporary();
    operands
        .tiles()
        .multiply(
            memory,
            lines.at(t, h) + position * pixel + (long) from * Tiles.PAIR,
            stride * pixel,
            memory,
            operands.filters().at(panel, tap) + (long) from * Tiles.PANEL_PAIR,
            pairs,
            frame.segment(operands.out()),
            start(line, column) + (long) output * Float.BYTES,
            (long) fields.scale() * operands.outputs() * Float.BYTES,
            columns,
            Math.min(Tiles.COLUMNS, operands.outputs() - output),
            !first);
  }

  /** Where the result of a grid's position lies, in bytes. */
  private long start(int line, int column) {
    return fields.resultRow(frame(line), row(line), column) * operands.outputs() * Float.BYTES;
  }

  private void finish(Frame frame, int line, int column, int columns, int panel, int endPanel) {
    int output = panel * Tiles.COLUMNS;
    int count = Math.min(operands.outputs(), endPanel * Tiles.COLUMNS) - output;
    boolean blind = seesNothing(line);
    for (int i = 0; i < columns; i++) {
      long at = start(line, column + i) / Float.BYTES + output;
      if (blind) {
        frame.segment(operands.out()).asSlice(at << 2, (long) count << 2).fill((byte) 0);
      }
      Sums.addBias(frame, operands.bias(), output, operands.out(), at, count);
      operands.epilogue().run(at, at + count, frame);
    }
  }

  /** Whether all lines that a grid line sees lie outside of x. */
  private boolean seesNothing(int line) {
    int t = firstSeen(line);
    int h = top(line);
    return t >= fields.frames()
        || t + fields.kernelT() <= 0
        || h >= fields.height()
        || h + fields.kernelH() <= 0;
  }
}
