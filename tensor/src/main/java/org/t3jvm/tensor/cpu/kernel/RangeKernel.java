package org.t3jvm.tensor.cpu.kernel;

/**
 * A kernel over items 0 to count - 1, such as elements or rows, that any contiguous range can be
 * run of. Tasks are ranges of a fixed size, so that small ops are one task and run on the caller.
 */
public abstract class RangeKernel implements CpuKernel {
  /** Elements of one task: about 50 microseconds of streaming, well above the cost of a wake-up. */
  private static final long TASK_ELEMENTS = 1 << 16;

  private static final long MAX_TASKS = 1 << 24;

  private final long count;
  private final long grain;
  private final int tasks;

  /**
   * @param count number of items
   * @param elementsEach elements that are read or written for one item
   */
  public RangeKernel(long count, long elementsEach) {
    long usual = Math.max(1, TASK_ELEMENTS / Math.max(1, elementsEach));
    this.count = count;
    this.grain = Math.max(usual, Math.ceilDiv(count, MAX_TASKS));
    this.tasks = (int) Math.max(1, Math.ceilDiv(count, grain));
  }

  @Override
  public final int tasks() {
    return tasks;
  }

  @Override
  public final void run(int task, Frame frame, Scratch scratch) {
    long from = task * grain;
    runRange(from, Math.min(count, from + grain), frame, scratch.floats());
  }

  /** Whether an item is a row of the last axis; otherwise it is an element. */
  public boolean countsRows() {
    return false;
  }

  /** Runs items {@code [from, to)}, which may be none. */
  public abstract void runRange(long from, long to, Frame frame, float[] scratch);
}
