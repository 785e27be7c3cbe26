package org.t3jvm.tensor.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.t3jvm.tensor.cpu.gemm.FloatCopies;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.Scratch;

/**
 * Packs some of a convolution's panels into the temporary memory, as those of a matrix are. The
 * weight has the taps innermost and a panel wants them outermost, so a few channels of a panel's
 * filters are read as they lie, with all of their taps, and turned in cache.
 */
final class PackFilters implements CpuKernel {
  /** Where packed filters go. */
  interface Panels {
    /** Columns of a panel. */
    int width();

    /**
     * Stores one tap of some channels of a panel: [count, width] floats from {@code at} on.
     *
     * @param slot the panel's number among those that are packed
     * @param channel the first channel, an even one
     */
    void store(float[] x, int at, Frame frame, int slot, int tap, int channel, int count);
  }

  /** Weights of a filter that are read together. */
  private static final int READ = 256;

  private final ConvFilters filters;
  private final Panels packed;
  private final int firstPanel;
  private final int panels;
  private final int width;
  private final int weightTaps;
  private final int together;
  private final int stride;

  PackFilters(ConvFilters filters, Panels packed, int firstPanel, int panels) {
    this.filters = filters;
    this.packed = packed;
    this.firstPanel = firstPanel;
    this.panels = panels;
    this.width = packed.width();
    this.weightTaps = filters.weightTaps();
    this.together = 2 * Math.max(1, READ / 2 / weightTaps);
    // One cache line more than needed, or all filters share a few sets of the cache.
    this.stride = together * weightTaps + 16;
  }

  @Override
  public int tasks() {
    return panels;
  }

  @Override
  public int scratchFloats() {
    return width * (stride + together);
  }

  @Override
  public void run(int task, Frame frame, Scratch own) {
    float[] scratch = own.floats();
    ChannelParts parts = filters.parts();
    for (int part = 0; part < parts.count(); part++) {
      for (int done = 0; done < parts.size(part); done += together) {
        int count = Math.min(together, parts.size(part) - done);
        read(frame, firstPanel + task, parts.start(part) + done, count, scratch);
        for (int tap = 0; tap < filters.sources().length; tap++) {
          turn(scratch, filters.sources()[tap], count);
          packed.store(scratch, width * stride, frame, task, tap, parts.start(part) + done, count);
        }
      }
    }
  }

  /** Some channels, with all taps, of the filters of a panel; zeros for those beyond the last. */
  private void read(Frame frame, int panel, int channel, int count, float[] x) {
    MemorySegment weight = frame.segment(filters.weight());
    for (int i = 0; i < width; i++) {
      int column = panel * width + i;
      int at = i * stride;
      if (column < filters.columns()) {
        long from = ((long) column * filters.channels() + channel) * weightTaps;
        FloatCopies.widen(filters.weight().dtype(), weight, from, count * weightTaps, x, at);
      } else {
        Arrays.fill(x, at, at + count * weightTaps, 0);
      }
    }
  }

  /** One tap of the channels that were read, the sum of some of the weight's, as panel rows. */
  private void turn(float[] x, int[] sources, int count) {
    int to = width * stride;
    for (int channel = 0; channel < count; channel++) {
      int from = channel * weightTaps + sources[0];
      for (int i = 0; i < width; i++) {
        x[to + i] = x[from + i * stride];
      }
      for (int s = 1; s < sources.length; s++) {
        from = channel * weightTaps + sources[s];
        for (int i = 0; i < width; i++) {
          x[to + i] += x[from + i * stride];
        }
      }
      to += width;
    }
  }
}
