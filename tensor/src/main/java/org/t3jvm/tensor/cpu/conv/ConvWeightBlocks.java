package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.cpu.vector.VectorLoops;
import org.t3jvm.tensor.graph.Value;

/**
 * The gradient of the weight of a convolution with many channels: the sum, over all positions, of
 * dy times what the position sees. A task takes one frame of the kernel, some of the grid's rows,
 * and a block of outputs and channels, whose sums stay in its cache; it packs each piece of dy
 * once, and each line of x once for all taps along it. Neither is transposed: both have the
 * positions outermost.
 *
 * @param fields what the convolution sees
 * @param dy gradient of its result [T, H, W, outputs]
 * @param out gradient of its weight [outputs, taps, channels]
 */
record ConvWeightBlocks(ConvFields fields, Value dy, Value out) implements CpuKernel {
  /** Outputs that are packed together, for two tiles. */
  private static final int GROUP = 2 * WeightTiles.OUTPUTS;

  /** Outputs of a block at most. */
  private static final int MOST_OUTPUTS = 12 * GROUP;

  /** Floats of a block's sums at most, half of a second-level cache. */
  private static final int SUM_FLOATS = 1 << 17;

  /** Positions that are summed in registers: what two tiles read of them fills a first cache. */
  private static final int POSITIONS = 256;

  /** Tasks that are worth adding up parts of the grid, of which there are so many at most. */
  private static final int ENOUGH_TASKS = 32;

  private static final int MOST_PARTS = 8;

  /** Rows of a part at least. */
  private static final int FEWEST_ROWS = 8;

  static LoweredOp lower(ConvFields fields, Value dy, Value out) {
    ConvWeightBlocks blocks = new ConvWeightBlocks(fields, dy, out);
    if (blocks.parts() == 1) {
      return LoweredOp.of(blocks);
    }
    long bytes = blocks.parts() * out.shape().elements() * Float.BYTES;
    return new LoweredOp(List.of(blocks, new Total(out, blocks.parts())), bytes);
  }

  private int outputs() {
    return dy.shape().intDim(3);
  }

  private int outputBlocks() {
    return Math.ceilDiv(outputs(), MOST_OUTPUTS);
  }

  /** Outputs of a block, but for the last. */
  private int blockOutputs() {
    return Math.ceilDiv(Math.ceilDiv(outputs(), outputBlocks()), GROUP) * GROUP;
  }

  /** Sums of one panel of channels: for each tap of a frame of the kernel and each output. */
  private int panelSums() {
    return fields.kernelH() * fields.kernelW() * tapSums();
  }

  private int tapSums() {
    return blockOutputs() * Tile.COLUMNS;
  }

  private int channelBlocks() {
    int most = Math.max(1, SUM_FLOATS / panelSums());
    return Math.ceilDiv(Tile.panels(fields.channels()), most);
  }

  /** Panels of channels of a block, but for the last. */
  private int blockPanels() {
    return Math.ceilDiv(Tile.panels(fields.channels()), channelBlocks());
  }

  private int gridRows() {
    return fields.gridT() * fields.gridH();
  }

  private int blocks() {
    return fields.kernelT() * outputBlocks() * channelBlocks();
  }

  private int parts() {
    int most = Math.clamp(gridRows() / FEWEST_ROWS, 1, MOST_PARTS);
    return Math.clamp(Math.ceilDiv(ENOUGH_TASKS, blocks()), 1, most);
  }

  /** Rows whose positions are summed together. */
  private int together() {
    return Math.max(1, POSITIONS / Math.max(1, fields.gridW()));
  }

  /** Positions of a row that are summed together. */
  private int across() {
    int pieces = Math.max(1, Math.ceilDiv(fields.gridW(), POSITIONS));
    return Math.ceilDiv(fields.gridW(), pieces);
  }

  /** Floats of what one panel's channels of a row's positions see. */
  private int seenFloats() {
    int pixels = (across() - 1) * fields.geometry().strideW() + fields.kernelW();
    return Math.max(0, pixels * Tile.COLUMNS);
  }

  /** Floats of one group of outputs of all positions. */
  private int groupFloats() {
    return together() * across() * GROUP;
  }

  @Override
  public int tasks() {
    return blocks() * parts();
  }

  private int seenStart() {
    return blockPanels() * panelSums();
  }

  private int gradientStart() {
    return seenStart() + together() * seenFloats();
  }

  @Override
  public int scratchFloats() {
    return gradientStart() + blockOutputs() / GROUP * groupFloats();
  }

  /** What of the weight a task makes. */
  private record Block(int dt, int output, int outputs, int panel, int panels) {}

  private Block block(int index) {
    int panel = index % channelBlocks() * blockPanels();
    int output = index / channelBlocks() % outputBlocks() * blockOutputs();
    return new Block(
        index / channelBlocks() / outputBlocks(),
        output,
        Math.clamp(outputs() - output, 0, blockOutputs()),
        panel,
        Math.clamp(Tile.panels(fields.channels()) - panel, 0, blockPanels()));
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] x = own.floats();
    Block block = block(task % blocks());
    int part = task / blocks();
    int end = (int) ((long) gridRows() * (part + 1) / parts());
    Arrays.fill(x, 0, seenStart(), 0);
    int row = (int) ((long) gridRows() * part / parts());
    while (row < end) {
      int rows = Math.min(together(), end - row);
      for (int column = 0; column < fields.gridW(); column += across()) {
        add(frame, block, row, rows, column, x);
      }
      row += rows;
    }
    write(frame, block, part, x);
  }

  /** Adds what some positions of some rows give. */
  private void add(Frame frame, Block block, int row, int rows, int column, float[] x) {
    int positions = Math.min(across(), fields.gridW() - column);
    packGradients(frame, block, row, rows, column, positions, x);
    int step = fields.geometry().strideW() * Tile.COLUMNS;
    WeightTiles.Rows all =
        new WeightTiles.Rows(rows, positions, step, seenFloats(), GROUP, Tile.COLUMNS);
    for (int dh = 0; dh < fields.kernelH(); dh++) {
      for (int panel = 0; panel < block.panels; panel++) {
        int channel = (block.panel + panel) * Tile.COLUMNS;
        if (packSeen(frame, block.dt, dh, row, rows, column, channel, x)) {
          int sums = panel * panelSums() + dh * fields.kernelW() * tapSums();
          multiply(all, block.outputs, fields.channels() - channel, sums, x);
        }
      }
    }
  }

  /** For all taps along the packed lines, for one panel of channels. */
  private void multiply(WeightTiles.Rows all, int outputs, int channels, int sums, float[] x) {
    int width = Math.min(Tile.COLUMNS, Math.ceilDiv(channels, Lanes.COUNT) * Lanes.COUNT);
    for (int dw = 0; dw < fields.kernelW(); dw++) {
      int seen = seenStart() + dw * Tile.COLUMNS;
      for (int output = 0; output < outputs; output += WeightTiles.OUTPUTS) {
        int b = gradientStart() + output / GROUP * groupFloats() + output % GROUP;
        int c = sums + dw * tapSums() + output * Tile.COLUMNS;
        int vectors;
        for (int at = 0; at < width; at += vectors * Lanes.COUNT) {
          vectors = WeightTiles.vectors((width - at) / Lanes.COUNT);
          WeightTiles.add(x, all, vectors, seen + at, b, c + at);
        }
      }
    }
  }

  private void packGradients(
      Frame frame, Block block, int row, int rows, int column, int positions, float[] x) {
    MemorySegment source = frame.segment(dy);
    for (int i = 0; i < rows * positions; i++) {
      long position = (long) (row + i / positions) * fields.gridW() + column + i % positions;
      long from = position * outputs() + block.output;
      for (int output = 0; output < block.outputs; output += GROUP) {
        int to = gradientStart() + output / GROUP * groupFloats() + i * GROUP;
        load(source, from + output, block.outputs - output, GROUP, x, to);
      }
    }
  }

  /** Packs a panel's channels of the lines that a line of the kernel sees; whether it sees any. */
  private boolean packSeen(
      Frame frame, int dt, int dh, int row, int rows, int column, int channel, float[] x) {
    MemorySegment source = frame.segment(fields.x());
    int w = column * fields.geometry().strideW() - fields.geometry().padWBefore();
    boolean any = false;
    for (int i = 0; i < rows; i++) {
      int t = (row + i) / fields.gridH();
      int h = (row + i) % fields.gridH();
      long line = fields.line(t, h, dt * fields.kernelH() + dh);
      any |= line >= 0;
      int to = seenStart() + i * seenFloats();
      for (int at = to; at < to + seenFloats(); at += Tile.COLUMNS) {
        int seen = w + (at - to) / Tile.COLUMNS;
        boolean inside = line >= 0 && seen >= 0 && seen < fields.width();
        long from = inside ? line + (long) seen * fields.channels() + channel : 0;
        load(source, from, inside ? fields.channels() - channel : 0, Tile.COLUMNS, x, at);
      }
    }
    return any;
  }

  /** Copies {@code width} floats, of which there are {@code left} and then zeros. */
  private static void load(
      MemorySegment source, long from, int left, int width, float[] x, int at) {
    int count = Math.min(left, width);
    FloatCopies.load(source, from, count, x, at);
    Arrays.fill(x, at + count, at + width, 0);
  }

  private void write(Frame frame, Block block, int part, float[] x) {
    MemorySegment target = parts() == 1 ? frame.segment(out) : frame.temporary();
    long taps = (long) fields.kernelH() * fields.kernelW();
    for (int panel = 0; panel < block.panels; panel++) {
      int channel = (block.panel + panel) * Tile.COLUMNS;
      int count = Math.min(Tile.COLUMNS, fields.channels() - channel);
      for (int output = 0; output < block.outputs; output++) {
        for (int tap = 0; tap < taps; tap++) {
          int from = panel * panelSums() + tap * tapSums() + output * Tile.COLUMNS;
          long line = (long) (block.output + output) * fields.taps() + (block.dt * taps + tap);
          long to = part * out.shape().elements() + line * fields.channels() + channel;
          MemorySegment.copy(x, from, target, ValueLayout.JAVA_FLOAT, to << 2, count);
        }
      }
    }
  }

  /** Adds up the parts in order. */
  private static final class Total extends RangeKernel {
    private final Value out;
    private final int parts;

    Total(Value out, int parts) {
      super(out.shape().elements(), parts);
      this.out = out;
      this.parts = parts;
    }

    @Override
    public void runRange(long from, long to, Frame frame, float[] scratch) {
      MemorySegment sums = frame.temporary();
      MemorySegment target = frame.segment(out);
      MemorySegment.copy(sums, from << 2, target, from << 2, (to - from) << 2);
      for (int part = 1; part < parts; part++) {
        long at = part * out.shape().elements() + from;
        VectorLoops.add(target, from, sums, at, target, from, to - from);
      }
    }
  }
}
