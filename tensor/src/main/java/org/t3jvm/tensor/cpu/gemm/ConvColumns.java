package org.t3jvm.tensor.cpu.gemm;

import java.lang.foreign.MemorySegment;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.Frame;
import org.t3jvm.tensor.graph.Value;

/**
 * The filters of a convolution's weight [O, C, kt, kh, kw]: column o in the order kt, kh, kw, C of
 * {@link ConvRows}.
 */
record ConvColumns(Value weight) implements ColumnSource {
  @Override
  public int columns() {
    return weight.shape().intDim(0);
  }

  @Override
  public int depth() {
    return Math.toIntExact(weight.shape().inner(0));
  }

  @Override
  public DType dtype() {
    return weight.dtype();
  }

  @Override
  public void read(Frame frame, int column, int from, int count, float[] target, int at) {
    MemorySegment segment = frame.segment(weight);
    int channels = weight.shape().intDim(1);
    int taps = depth() / channels;
    long start = (long) column * depth();
    int tap = from / channels;
    int channel = from % channels;
    for (int i = 0; i < count; i++) {
      target[at + i] =
          FloatCopies.widen(weight.dtype(), segment, start + (long) channel * taps + tap);
      if (++channel == channels) {
        channel = 0;
        tap++;
      }
    }
  }
}
