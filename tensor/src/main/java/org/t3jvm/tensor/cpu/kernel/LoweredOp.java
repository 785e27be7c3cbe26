package org.t3jvm.tensor.cpu.kernel;

import java.util.List;

/**
 * An op as kernels that run one after the other, all tasks of one before the first of the next.
 *
 * @param kernels the phases, in order
 * @param temporaryBytes shared memory for passing data between the phases, see {@link
 *     Frame#temporary()}
 */
public record LoweredOp(List<CpuKernel> kernels, long temporaryBytes) {
  public LoweredOp {
    kernels = List.copyOf(kernels);
  }

  /** An op of one phase without temporary memory. */
  public static LoweredOp of(CpuKernel kernel) {
    return new LoweredOp(List.of(kernel), 0);
  }
}
