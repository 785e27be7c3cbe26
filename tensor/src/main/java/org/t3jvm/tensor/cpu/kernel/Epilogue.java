package org.t3jvm.tensor.cpu.kernel;

import java.util.List;

/** Elementwise kernels that follow a product while its result is in cache, in the same memory. */
public final class Epilogue {
  /** Does nothing. */
  public static final Epilogue NONE = new Epilogue(List.of());

  private static final float[] NO_SCRATCH = {};

  private final List<RangeKernel> kernels;

  public Epilogue(List<RangeKernel> kernels) {
    this.kernels = List.copyOf(kernels);
  }

  /** Runs over elements {@code [from, to)} of the result. */
  public void run(long from, long to, Frame frame) {
    for (int i = 0; i < kernels.size(); i++) {
      kernels.get(i).runRange(from, to, frame, NO_SCRATCH);
    }
  }
}
