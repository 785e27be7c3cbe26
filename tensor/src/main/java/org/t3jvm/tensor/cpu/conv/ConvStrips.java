package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.PackedPanels;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/**
 * A convolution with few channels and few outputs, where packing each position's field would cost
 * as much as multiplying it: the tiles read fields where they overlap, in packed lines. A task
 * makes a strip of the grid of one frame, row by row, with all filters in its cache. The order of
 * the sums is that of a product with packed rows.
 */
final class ConvStrips implements CpuKernel {
  /** Channels at most: with more, {@link ConvPixels} shares enough. */
  private static final int MOST_CHANNELS = 63;

  /** Outputs at most. */
  private static final int MOST_OUTPUTS = 64;

  /** Floats that all filters may take, half of a second-level cache. */
  private static final int FILTER_FLOATS = 1 << 17;

  /** Tiles of a row may be padded by a third. */
  private static final double MOST_PADDING = 4.0 / 3;

  private final ConvFields fields;
  private final PackedPanels packed;
  private final @Nullable Value bias;
  private final Value out;
  private final Epilogue epilogue;
  private final StripLines lines;
  private final int outputs;
  private final int panels;

  /** Of each part of the depth, for each place of the uppermost line, the runs of a tile. */
  private final Runs[][] runs;

  /** Runs within packed lines. */
  private static final class Runs {
    private final int[] starts;
    private final int[] lengths;

    Runs(List<Integer> starts, List<Integer> lengths) {
      this.starts = starts.stream().mapToInt(Integer::intValue).toArray();
      this.lengths = lengths.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  ConvStrips(
      ConvFields fields,
      PackedPanels packed,
      int outputs,
      @Nullable Value bias,
      Value out,
      Epilogue epilogue) {
    this.fields = fields;
    this.packed = packed;
    this.outputs = outputs;
    this.bias = bias;
    this.out = out;
    this.epilogue = epilogue;
    this.panels = Tile.panels(outputs);
    this.lines =
        StripLines.of(fields, fields.channels(), StripTiles.POSITIONS, StripTiles.POSITIONS);
    this.runs = runs();
  }

  /** Whether there are few channels and outputs, and rows that fill tiles. */
  static boolean suits(ConvFields fields, ConvFilters filters) {
    int width = fields.gridW();
    int tiled = Math.ceilDiv(width, StripTiles.POSITIONS) * StripTiles.POSITIONS;
    long floats = (long) Tile.panels(filters.columns()) * Tile.COLUMNS * filters.depth();
    return fields.channels() > 0
        && fields.channels() <= MOST_CHANNELS
        && filters.columns() <= MOST_OUTPUTS
        && floats <= FILTER_FLOATS
        && tiled <= MOST_PADDING * width;
  }

  private Runs[][] runs() {
    int depth = fields.depth();
    Runs[][] all = new Runs[Math.ceilDiv(depth, Tile.DEPTH)][fields.kernelH()];
    for (int part = 0; part < all.length; part++) {
      int end = Math.min((part + 1) * Tile.DEPTH, depth);
      for (int top = 0; top < fields.kernelH(); top++) {
        all[part][top] = runs(part * Tile.DEPTH, end, top);
      }
    }
    return all;
  }

  private Runs runs(int from, int end, int top) {
    List<Integer> starts = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    int seen = lines.seen();
    for (int k = from; k < end; ) {
      int length = Math.min(end - k, seen - k % seen);
      starts.add(lines.place(k / seen, top) + k % seen);
      lengths.add(length);
      k += length;
    }
    return new Runs(starts, lengths);
  }

  @Override
  public int tasks() {
    return lines.strips();
  }

  private int panelFloats() {
    return packed.depth() * Tile.COLUMNS;
  }

  /** Floats of the sums of a position. */
  private int row() {
    return panels * Tile.COLUMNS;
  }

  private int linesStart() {
    return panels * panelFloats();
  }

  private int sumsStart() {
    return linesStart() + lines.count() * lines.floats();
  }

  @Override
  public int scratchFloats() {
    return sumsStart() + lines.columns() * row();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int firstColumn = lines.firstColumn(task);
    int columns = lines.columns(task);
    int t = lines.frame(task);
    for (int panel = 0; panel < panels; panel++) {
      packed.load(frame, panel, 0, packed.depth(), scratch, panel * panelFloats());
    }
    int next = 0;
    for (int row = lines.firstRow(task); row < lines.endRow(task); row++) {
      next = lines.pack(frame, t, row, next, firstColumn, scratch, linesStart());
      Arrays.fill(scratch, sumsStart(), sumsStart() + lines.columns() * row(), 0);
      multiply(scratch, row * fields.geometry().strideH(), columns);
      write(frame, t, row, firstColumn, columns, scratch);
    }
  }

  private void multiply(float[] x, int top, int columns) {
    for (int part = 0; part < runs.length; part++) {
      Runs now = runs[part][top % fields.kernelH()];
      for (int panel = 0; panel < panels; panel++) {
        int b = panel * panelFloats() + part * Tile.DEPTH * Tile.COLUMNS;
        for (int column = 0; column < columns; column += StripTiles.POSITIONS) {
          int at = linesStart() + column * lines.step();
          int c = sumsStart() + column * row() + panel * Tile.COLUMNS;
          tile(x, now, at, b, c, outputs - panel * Tile.COLUMNS);
        }
      }
    }
  }

  /** A tile of a panel of which {@code width} columns are wanted. */
  private void tile(float[] x, Runs now, int at, int b, int c, int width) {
    if (width > Lanes.COUNT && Tile.ROWS == StripTiles.POSITIONS) {
      StripTiles.wide(x, now.starts, now.lengths, at, lines.step(), b, c, row());
      return;
    }
    StripTiles.narrow(x, now.starts, now.lengths, at, lines.step(), b, c, row());
    if (width > Lanes.COUNT) {
      int second = Lanes.COUNT;
      StripTiles.narrow(
          x, now.starts, now.lengths, at, lines.step(), b + second, c + second, row());
    }
  }

  private void write(Frame frame, int t, int row, int firstColumn, int columns, float[] x) {
    MemorySegment target = frame.segment(out);
    @Nullable MemorySegment shifts = bias == null ? null : frame.segment(bias);
    for (int column = 0; column < columns; column++) {
      long start = fields.resultRow(t, row, firstColumn + column) * outputs;
      int sums = sumsStart() + column * row();
      int i = 0;
      for (; i + Lanes.COUNT <= outputs; i += Lanes.COUNT) {
        FloatVector sum = FloatVector.fromArray(Lanes.F, x, sums + i);
        Lanes.store(shifts == null ? sum : sum.add(Lanes.load(shifts, i)), target, start + i);
      }
      for (; i < outputs; i++) {
        float sum = x[sums + i];
        Lanes.set(target, start + i, shifts == null ? sum : sum + Lanes.get(shifts, i));
      }
      epilogue.run(start, start + outputs, frame);
    }
  }
}
