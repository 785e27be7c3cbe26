package org.t3jvm.tensor.cpu.row;

import java.util.List;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Frame;
import org.t3jvm.tensor.cpu.kernel.RangeKernel;

/**
 * A chain of row-wise and elementwise kernels over x [..., D], all in the memory of the last one's
 * result: some rows go through all of them before the next rows do, and so stay in cache.
 */
public final class FusedRows extends RangeKernel {
  /** Elements that go through the chain together: half of a first-level cache. */
  private static final long BLOCK_ELEMENTS = 4096;

  private final List<RangeKernel> kernels;
  private final long width;
  private final long blockRows;

  public FusedRows(List<RangeKernel> kernels, Shape shape) {
    super(shape.outer(shape.rank() - 1), shape.dim(-1) * kernels.size());
    this.kernels = kernels;
    this.width = shape.dim(-1);
    this.blockRows = Math.max(1, BLOCK_ELEMENTS / width);
  }

  @Override
  public int scratchFloats() {
    return kernels.stream().mapToInt(CpuKernel::scratchFloats).max().orElse(0);
  }

  @Override
  public void runRange(long from, long to, Frame frame, float[] scratch) {
    for (long row = from; row < to; row += blockRows) {
      long end = Math.min(to, row + blockRows);
      for (int i = 0; i < kernels.size(); i++) {
        RangeKernel kernel = kernels.get(i);
        long each = kernel.countsRows() ? 1 : width;
        kernel.runRange(row * each, end * each, frame, scratch);
      }
    }
  }
}
