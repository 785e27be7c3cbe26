package org.t3jvm.tensor.cpu.kernel;

/**
 * One phase of a lowered op: independent tasks that write disjoint parts of the result.
 *
 * <p>The split into tasks depends on shapes alone, never on the number of threads, and tasks may
 * run in any order; so results are bit-identical across thread counts.
 */
public interface CpuKernel {
  /** Number of tasks, at least 1. */
  int tasks();

  /** Floats of scratch that one worker needs while it runs a task. */
  default int scratchFloats() {
    return 0;
  }

  /** Bytes outside of the heap that one worker needs while it runs a task. */
  default long scratchBytes() {
    return 0;
  }

  /**
   * Runs one task.
   *
   * @param task below {@link #tasks()}
   * @param frame where the values of this run lie
   * @param scratch this worker's own, of at least {@link #scratchFloats()} floats and {@link
   *     #scratchBytes()} bytes
   */
  void run(int task, Frame frame, Scratch scratch);
}
