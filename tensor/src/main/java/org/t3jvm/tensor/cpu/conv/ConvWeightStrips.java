package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/**
 * The gradient of the weight of a convolution with few channels and few outputs: for each tap the
 * sum of dy times x over all positions, without packing what a position sees. A task takes one line
 * of the kernel and some of the grid's rows and leaves its sums in the temporary memory; they are
 * added up in order afterwards. The sums of a row start from zero.
 *
 * @param fields what the convolution sees
 * @param dy gradient of its result [T, H, W, outputs]
 * @param out gradient of its weight [outputs, taps, channels]
 */
record ConvWeightStrips(ConvFields fields, Value dy, Value out) implements CpuKernel {
  /** Outputs whose sums are in registers. */
  private static final int ROWS = 8;

  /** Channels and outputs at most: with more, packing pays. */
  private static final int MOST_CHANNELS = 64;

  /** Parts of the grid's rows at most. */
  private static final int MOST_PARTS = 8;

  /** Rows of a part at least. */
  private static final int FEWEST_ROWS = 8;

  static boolean suits(ConvFields fields, int outputs) {
    return fields.channels() <= MOST_CHANNELS && outputs <= MOST_CHANNELS;
  }

  static LoweredOp lower(ConvFields fields, Value dy, Value out) {
    ConvWeightStrips strips = new ConvWeightStrips(fields, dy, out);
    long floats = (long) strips.parts() * fields.taps() * strips.tapFloats();
    return new LoweredOp(List.of(strips, strips.new Total()), floats * Float.BYTES);
  }

  private int outputs() {
    return dy.shape().intDim(3);
  }

  private int paddedOutputs() {
    return Math.ceilDiv(outputs(), ROWS) * ROWS;
  }

  private int paddedChannels() {
    return Math.ceilDiv(fields.channels(), Lanes.COUNT) * Lanes.COUNT;
  }

  /** Floats of the sums of one tap, [paddedOutputs, paddedChannels]. */
  private int tapFloats() {
    return paddedOutputs() * paddedChannels();
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

  @Override
  public int tasks() {
    return lines() * parts();
  }

  private int seenStart() {
    return fields.kernelW() * tapFloats();
  }

  private int gradientStart() {
    return seenStart() + fields.width() * paddedChannels();
  }

  @Override
  public int scratchFloats() {
    return gradientStart() + fields.gridW() * paddedOutputs();
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int line = task % lines();
    int part = task / lines();
    int end = (int) ((long) gridRows() * (part + 1) / parts());
    Arrays.fill(scratch, 0, seenStart(), 0);
    for (int row = (int) ((long) gridRows() * part / parts()); row < end; row++) {
      addRow(frame, line, row, scratch);
    }
    long to = ((long) part * fields.taps() + (long) line * fields.kernelW()) * tapFloats();
    MemorySegment.copy(scratch, 0, frame.temporary(), ValueLayout.JAVA_FLOAT, to << 2, seenStart());
  }

  private void addRow(Frame frame, int line, int row, float[] x) {
    int t = row / fields.gridH() * fields.geometry().strideT() - fields.geometry().padTBefore();
    int h = row % fields.gridH() * fields.geometry().strideH() - fields.geometry().padHBefore();
    long start = fields.line(t + line / fields.kernelH(), h + line % fields.kernelH());
    if (start < 0) {
      return;
    }
    int width = fields.width();
    int gridW = fields.gridW();
    MemorySegment seen = frame.segment(fields.x());
    StripLines.spread(seen, start, width, fields.channels(), paddedChannels(), x, seenStart());
    long from = (long) row * gridW * outputs();
    StripLines.spread(
        frame.segment(dy), from, gridW, outputs(), paddedOutputs(), x, gradientStart());
    int stride = fields.geometry().strideW();
    int step = stride * paddedChannels();
    for (int tap = 0; tap < fields.kernelW(); tap++) {
      int shift = tap - fields.geometry().padWBefore();
      int first = Math.max(0, Math.ceilDiv(-shift, stride));
      int end = Math.min(gridW, Math.floorDiv(width - 1 - shift, stride) + 1);
      int a = seenStart() + (first * stride + shift) * paddedChannels();
      int b = gradientStart() + first * paddedOutputs();
      for (int output = 0; output < paddedOutputs(); output += ROWS) {
        for (int channel = 0; channel < paddedChannels(); channel += Lanes.COUNT) {
          int c = tap * tapFloats() + output * paddedChannels() + channel;
          int count = end - first;
          add(x, a + channel, step, b + output, paddedOutputs(), count, c, paddedChannels());
        }
      }
    }
  }

  /**
   * Adds a b over some positions to sums of eight outputs and a vector of channels.
   *
   * @param a channels of the first position, the next {@code step} on
   * @param b outputs of the first position, the next {@code outputs} on
   * @param c sums of the first output, the next {@code row} on
   */
  private static void add(
      float[] x, int a, int step, int b, int outputs, int count, int c, int row) {
    FloatVector c0 = FloatVector.zero(Lanes.F);
    FloatVector c1 = FloatVector.zero(Lanes.F);
    FloatVector c2 = FloatVector.zero(Lanes.F);
    FloatVector c3 = FloatVector.zero(Lanes.F);
    FloatVector c4 = FloatVector.zero(Lanes.F);
    FloatVector c5 = FloatVector.zero(Lanes.F);
    FloatVector c6 = FloatVector.zero(Lanes.F);
    FloatVector c7 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < count; i++) {
      FloatVector seen = FloatVector.fromArray(Lanes.F, x, a + i * step);
      int at = b + i * outputs;
      c0 = FloatVector.broadcast(Lanes.F, x[at]).fma(seen, c0);
      c1 = FloatVector.broadcast(Lanes.F, x[at + 1]).fma(seen, c1);
      c2 = FloatVector.broadcast(Lanes.F, x[at + 2]).fma(seen, c2);
      c3 = FloatVector.broadcast(Lanes.F, x[at + 3]).fma(seen, c3);
      c4 = FloatVector.broadcast(Lanes.F, x[at + 4]).fma(seen, c4);
      c5 = FloatVector.broadcast(Lanes.F, x[at + 5]).fma(seen, c5);
      c6 = FloatVector.broadcast(Lanes.F, x[at + 6]).fma(seen, c6);
      c7 = FloatVector.broadcast(Lanes.F, x[at + 7]).fma(seen, c7);
    }
    FloatVector.fromArray(Lanes.F, x, c).add(c0).intoArray(x, c);
    FloatVector.fromArray(Lanes.F, x, c + row).add(c1).intoArray(x, c + row);
    FloatVector.fromArray(Lanes.F, x, c + 2 * row).add(c2).intoArray(x, c + 2 * row);
    FloatVector.fromArray(Lanes.F, x, c + 3 * row).add(c3).intoArray(x, c + 3 * row);
    FloatVector.fromArray(Lanes.F, x, c + 4 * row).add(c4).intoArray(x, c + 4 * row);
    FloatVector.fromArray(Lanes.F, x, c + 5 * row).add(c5).intoArray(x, c + 5 * row);
    FloatVector.fromArray(Lanes.F, x, c + 6 * row).add(c6).intoArray(x, c + 6 * row);
    FloatVector.fromArray(Lanes.F, x, c + 7 * row).add(c7).intoArray(x, c + 7 * row);
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
      int channels = fields.channels();
      long partFloats = (long) fields.taps() * tapFloats();
      for (int tap = 0; tap < fields.taps(); tap++) {
        long from = (long) tap * tapFloats() + (long) output * paddedChannels();
        long to = ((long) output * fields.taps() + tap) * channels;
        for (int channel = 0; channel < channels; channel++) {
          float sum = 0;
          for (int part = 0; part < parts(); part++) {
            sum += Lanes.get(sums, part * partFloats + from + channel);
          }
          Lanes.set(target, to + channel, sum);
        }
      }
    }
  }
}
