package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/**
 * The gradient of the weight of a convolution with few channels and few outputs: for each line of
 * taps the sum, over all positions, of dy times what the line sees, which lies together in a padded
 * row. A task takes one line of the kernel and some of the grid's rows and leaves its sums in the
 * temporary memory; they are added up in order afterwards. The sums of each {@link #together} rows
 * start from zero.
 *
 * @param fields what the convolution sees
 * @param dy gradient of its result [T, H, W, outputs]
 * @param out gradient of its weight [outputs, taps, channels]
 */
record ConvWeightStrips(ConvFields fields, Value dy, Value out) implements CpuKernel {
  /** Channels and outputs at most: with more, packing pays. */
  private static final int MOST_CHANNELS = 64;

  /** Channels at most, whatever the outputs: a vector would be mostly empty. */
  private static final int FEW_CHANNELS = 12;

  /** Parts of the grid's rows at most. */
  private static final int MOST_PARTS = 8;

  /** Rows of a part at least. */
  private static final int FEWEST_ROWS = 8;

  /** Positions that are summed in registers, in so many rows as have them. */
  private static final int POSITIONS = 64;

  static boolean suits(ConvFields fields, int outputs) {
    return fields.channels() <= FEW_CHANNELS
        || (fields.channels() <= MOST_CHANNELS && outputs <= MOST_CHANNELS);
  }

  static LoweredOp lower(ConvFields fields, Value dy, Value out) {
    ConvWeightStrips strips = new ConvWeightStrips(fields, dy, out);
    long floats = (long) strips.parts() * strips.lines() * strips.lineFloats();
    return new LoweredOp(List.of(strips, strips.new Total()), floats * Float.BYTES);
  }

  private int outputs() {
    return dy.shape().intDim(3);
  }

  private int paddedOutputs() {
    return Math.ceilDiv(outputs(), WeightTiles.OUTPUTS) * WeightTiles.OUTPUTS;
  }

  /** Elements that a line of the kernel sees. */
  private int seen() {
    return fields.kernelW() * fields.channels();
  }

  private int paddedSeen() {
    return Math.ceilDiv(seen(), Lanes.COUNT) * Lanes.COUNT;
  }

  /** Floats of the sums of one line, [paddedOutputs, paddedSeen]. */
  private int lineFloats() {
    return paddedOutputs() * paddedSeen();
  }

  private int lines() {
    return fields.kernelT() * fields.kernelH();
  }

  private int gridRows() {
    return fields.gridT() * fields.gridH();
  }

  private int parts() {
    return Math.clamp(gridRows() / FEWEST_ROWS, 1, MOST_PARTS);
  }

  /** Rows whose positions are summed together. */
  private int together() {
    return Math.max(1, POSITIONS / Math.max(1, fields.gridW()));
  }

  /** Floats of a row of x with the padding that the grid sees. */
  private int rowFloats() {
    return Math.max(0, fields.gridW() - 1) * step() + seen();
  }

  /** Floats from one position's field to the next. */
  private int step() {
    return fields.geometry().strideW() * fields.channels();
  }

  private int gradientFloats() {
    return fields.gridW() * paddedOutputs();
  }

  @Override
  public int tasks() {
    return lines() * parts();
  }

  private int seenStart() {
    return lineFloats();
  }

  private int gradientStart() {
    // The last vector of what a line sees may end beyond its row.
    return seenStart() + together() * rowFloats() + Lanes.COUNT;
  }

  @Override
  public int scratchFloats() {
    return gradientStart() + together() * gradientFloats();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] x = own.floats();
    int line = task % lines();
    int part = task / lines();
    int row = (int) ((long) gridRows() * part / parts());
    int end = (int) ((long) gridRows() * (part + 1) / parts());
    Arrays.fill(x, 0, gradientStart(), 0);
    while (row < end) {
      int rows = 0;
      for (; rows < together() && row < end; row++) {
        rows += pack(frame, line, row, rows, x) ? 1 : 0;
      }
      add(rows, x);
    }
    long to = ((long) part * lines() + line) * lineFloats();
    MemorySegment.copy(x, 0, frame.temporary(), ValueLayout.JAVA_FLOAT, to << 2, lineFloats());
  }

  /** Packs a row of the grid, with what a line of the kernel sees; whether it sees any of x. */
  private boolean pack(Frame frame, int line, int row, int place, float[] x) {
    long start = fields.line(row / fields.gridH(), row % fields.gridH(), line);
    if (start < 0) {
      return false;
    }
    int channels = fields.channels();
    int before = fields.geometry().padWBefore() * channels;
    int count = Math.clamp(rowFloats() - before, 0, fields.width() * channels);
    // What lies before and after stays zero: all rows have it in the same places.
    FloatCopies.load(
        frame.segment(fields.x()), start, count, x, seenStart() + place * rowFloats() + before);
    StripLines.spread(
        frame.segment(dy),
        (long) row * fields.gridW() * outputs(),
        fields.gridW(),
        outputs(),
        paddedOutputs(),
        x,
        gradientStart() + place * gradientFloats());
    return true;
  }

  private void add(int rows, float[] x) {
    WeightTiles.Rows all =
        new WeightTiles.Rows(
            rows, fields.gridW(), step(), rowFloats(), paddedOutputs(), paddedSeen());
    for (int output = 0; output < paddedOutputs(); output += WeightTiles.OUTPUTS) {
      int b = gradientStart() + output;
      int vectors;
      for (int at = 0; at < paddedSeen(); at += vectors * Lanes.COUNT) {
        vectors = WeightTiles.vectors((paddedSeen() - at) / Lanes.COUNT);
        WeightTiles.add(x, all, vectors, seenStart() + at, b, output * paddedSeen() + at);
      }
    }
  }

  /** Adds up the parts, an output at a time. */
  private final class Total implements CpuKernel {
    @Override
    public int tasks() {
      return outputs();
    }

    @Override
    public void run(int output, Frame frame, Scratch scratch) {
      MemorySegment sums = frame.temporary();
      MemorySegment target = frame.segment(out);
      int seen = seen();
      long partFloats = (long) lines() * lineFloats();
      for (int line = 0; line < lines(); line++) {
        long from = (long) line * lineFloats() + (long) output * paddedSeen();
        long to = ((long) output * lines() + line) * seen;
        for (int i = 0; i < seen; i++) {
          float sum = 0;
          for (int part = 0; part < parts(); part++) {
            sum += Lanes.get(sums, part * partFloats + from + i);
          }
          Lanes.set(target, to + i, sum);
        }
      }
    }
  }
}
