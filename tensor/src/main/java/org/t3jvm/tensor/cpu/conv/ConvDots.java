package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;
import org.t3jvm.tensor.cpu.vector.Lanes;
import org.t3jvm.tensor.graph.Value;

/**
 * A convolution with few outputs, which would leave most of a panel empty: dot products along the
 * channels, four positions by three filters at a time. A task makes a strip of the grid of one
 * frame, row by row; the lines of x that its kernel sees, packed with their padding, go round in
 * the worker's cache.
 */
final class ConvDots implements CpuKernel {
  private static final int FILTERS = 3;
  private static final int POSITIONS = 4;

  /** Outputs at most: with more, panels are full enough. */
  private static final int MOST_OUTPUTS = 8;

  /** Outputs at most where {@link ConvStrips} can have them, whose panels may be half full. */
  private static final int MOST_BESIDE_STRIPS = 4;

  /** Positions of a strip, even if its lines take more than their part of the cache. */
  private static final int NARROWEST = 16;

  private final ConvFields fields;
  private final ConvFilters filters;
  private final @Nullable Value bias;
  private final Value out;
  private final Epilogue epilogue;
  private final int outputs;
  private final int paddedOutputs;

  /** Floats of a position: its channels, and zeros up to whole vectors. */
  private final int pixel;

  private final StripLines lines;

  ConvDots(
      ConvFields fields, ConvFilters filters, @Nullable Value bias, Value out, Epilogue epilogue) {
    this.fields = fields;
    this.filters = filters;
    this.bias = bias;
    this.out = out;
    this.epilogue = epilogue;
    this.outputs = filters.columns();
    this.paddedOutputs = Math.ceilDiv(outputs, FILTERS) * FILTERS;
    this.pixel = Math.ceilDiv(fields.channels(), Lanes.COUNT) * Lanes.COUNT;
    this.lines = StripLines.of(fields, pixel, POSITIONS, NARROWEST);
  }

  /** Whether there are so few outputs that most of a panel would be empty. */
  static boolean suits(ConvFields fields, ConvFilters filters) {
    int most = ConvStrips.suits(fields, filters) ? MOST_BESIDE_STRIPS : MOST_OUTPUTS;
    return filters.columns() <= Math.min(most, Tile.COLUMNS / 2);
  }

  @Override
  public int tasks() {
    return lines.strips();
  }

  @Override
  public int scratchFloats() {
    return Math.toIntExact(
        (long) sumsStart() + (long) lines.columns() * paddedOutputs + readFloats());
  }

  private int weightsStart() {
    return Math.multiplyExact(lines.count(), lines.floats());
  }

  /** Floats of a filter with the positions' padding. */
  private int filterFloats() {
    return lines.count() * lines.seen();
  }

  private int sumsStart() {
    return Math.addExact(weightsStart(), Math.multiplyExact(paddedOutputs, filterFloats()));
  }

  private int readFloats() {
    return Math.max(filters.depth(), POSITIONS * FILTERS * Lanes.COUNT);
  }

  private int bufferStart() {
    return sumsStart() + lines.columns() * paddedOutputs;
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    int firstColumn = lines.firstColumn(task);
    int columns = lines.columns(task);
    int t = lines.frame(task);
    packWeights(frame, scratch);
    int next = 0;
    for (int row = lines.firstRow(task); row < lines.endRow(task); row++) {
      int top = row * fields.geometry().strideH();
      next = lines.pack(frame, t, row, next, firstColumn, scratch, 0);
      for (int column = 0; column < columns; column += POSITIONS) {
        for (int output = 0; output < paddedOutputs; output += FILTERS) {
          dots(scratch, top, column, output);
        }
      }
      write(frame, fields.resultRow(t, row, firstColumn), columns, scratch);
    }
  }

  /** All filters with the positions' padding, and filters of zeros up to a whole group. */
  private void packWeights(Frame frame, float[] x) {
    MemorySegment weight = frame.segment(filters.weight());
    int channels = fields.channels();
    int taps = fields.taps();
    int buffer = bufferStart();
    Arrays.fill(x, weightsStart(), sumsStart(), 0);
    for (int output = 0; output < outputs; output++) {
      long from = (long) output * filters.depth();
      FloatCopies.widen(filters.weight().dtype(), weight, from, filters.depth(), x, buffer);
      int to = weightsStart() + output * taps * pixel;
      for (int tap = 0; tap < taps; tap++) {
        for (int channel = 0; channel < channels; channel++) {
          x[to + tap * pixel + channel] = x[buffer + channel * taps + tap];
        }
      }
    }
  }

  /** Four positions from {@code column} on by three filters from {@code output} on. */
  private void dots(float[] x, int top, int column, int output) {
    int step = lines.step();
    int weights = weightsStart() + output * filterFloats();
    int buffer = bufferStart();
    int kernelH = fields.kernelH();
    int count = lines.count();
    int floats = lines.floats();
    dot4x3(x, column * step, step, weights, lines.seen(), top, kernelH, count, floats, buffer);
    int sums = sumsStart() + column * paddedOutputs + output;
    for (int position = 0; position < POSITIONS; position++) {
      for (int i = 0; i < FILTERS; i++) {
        x[sums + i] = Lanes.sum(x, buffer + (position * FILTERS + i) * Lanes.COUNT);
      }
      sums += paddedOutputs;
    }
  }

  /**
   * Leaves the lanes of each dot product at {@code to}, filter by filter of a position.
   *
   * @param at the first position within a packed line, the others {@code step} apart
   * @param line floats of a kernel line, of which the filters have {@code lines} each
   * @param top the kernel's uppermost line; see {@link StripLines#place}
   */
  private static void dot4x3(
      float[] x,
      int at,
      int step,
      int weights,
      int line,
      int top,
      int kernelH,
      int lines,
      int packed,
      int to) {
    int filter = lines * line;
    FloatVector s00 = FloatVector.zero(Lanes.F);
    FloatVector s01 = FloatVector.zero(Lanes.F);
    FloatVector s02 = FloatVector.zero(Lanes.F);
    FloatVector s10 = FloatVector.zero(Lanes.F);
    FloatVector s11 = FloatVector.zero(Lanes.F);
    FloatVector s12 = FloatVector.zero(Lanes.F);
    FloatVector s20 = FloatVector.zero(Lanes.F);
    FloatVector s21 = FloatVector.zero(Lanes.F);
    FloatVector s22 = FloatVector.zero(Lanes.F);
    FloatVector s30 = FloatVector.zero(Lanes.F);
    FloatVector s31 = FloatVector.zero(Lanes.F);
    FloatVector s32 = FloatVector.zero(Lanes.F);
    for (int i = 0; i < lines; i++) {
      int a = at + (i - i % kernelH + (top + i) % kernelH) * packed;
      int w = weights + i * line;
      for (int k = 0; k < line; k += Lanes.COUNT) {
        FloatVector w0 = FloatVector.fromArray(Lanes.F, x, w + k);
        FloatVector w1 = FloatVector.fromArray(Lanes.F, x, w + filter + k);
        FloatVector w2 = FloatVector.fromArray(Lanes.F, x, w + 2 * filter + k);
        FloatVector a0 = FloatVector.fromArray(Lanes.F, x, a + k);
        s00 = a0.fma(w0, s00);
        s01 = a0.fma(w1, s01);
        s02 = a0.fma(w2, s02);
        FloatVector a1 = FloatVector.fromArray(Lanes.F, x, a + step + k);
        s10 = a1.fma(w0, s10);
        s11 = a1.fma(w1, s11);
        s12 = a1.fma(w2, s12);
        FloatVector a2 = FloatVector.fromArray(Lanes.F, x, a + 2 * step + k);
        s20 = a2.fma(w0, s20);
        s21 = a2.fma(w1, s21);
        s22 = a2.fma(w2, s22);
        FloatVector a3 = FloatVector.fromArray(Lanes.F, x, a + 3 * step + k);
        s30 = a3.fma(w0, s30);
        s31 = a3.fma(w1, s31);
        s32 = a3.fma(w2, s32);
      }
    }
    s00.intoArray(x, to);
    s01.intoArray(x, to + Lanes.COUNT);
    s02.intoArray(x, to + 2 * Lanes.COUNT);
    s10.intoArray(x, to + 3 * Lanes.COUNT);
    s11.intoArray(x, to + 4 * Lanes.COUNT);
    s12.intoArray(x, to + 5 * Lanes.COUNT);
    s20.intoArray(x, to + 6 * Lanes.COUNT);
    s21.intoArray(x, to + 7 * Lanes.COUNT);
    s22.intoArray(x, to + 8 * Lanes.COUNT);
    s30.intoArray(x, to + 9 * Lanes.COUNT);
    s31.intoArray(x, to + 10 * Lanes.COUNT);
    s32.intoArray(x, to + 11 * Lanes.COUNT);
  }

  private void write(Frame frame, long firstResult, int columns, float[] x) {
    MemorySegment target = frame.segment(out);
    @Nullable MemorySegment shifts = bias == null ? null : frame.segment(bias);
    long start = firstResult * outputs;
    for (int column = 0; column < columns; column++) {
      for (int output = 0; output < outputs; output++) {
        float sum = x[sumsStart() + column * paddedOutputs + output];
        float shifted = shifts == null ? sum : sum + Lanes.get(shifts, output);
        Lanes.set(target, start + (long) column * outputs + output, shifted);
      }
    }
    epilogue.run(start, start + (long) columns * outputs, frame);
  }
}
