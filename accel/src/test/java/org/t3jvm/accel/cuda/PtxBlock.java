package org.t3jvm.accel.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One work group at a time. Threads run together as long as they agree on where to go; those that
 * are behind run first, until they meet the others again.
 */
final class PtxBlock {
  private static final List<String> AXES = List.of("x", "y", "z");
  private static final int DONE = Integer.MAX_VALUE;

  final int threads;
  final long memoryStart;
  final MemorySegment memory;
  final byte[] shared;
  private final Map<String, int[]> special;
  final long[] arguments;

  /** Threads that run the instruction at hand. */
  final int[] lanes;

  int active;

  private final PtxKernel kernel;
  final int[][] ints;
  final long[][] longs;
  final float[][] floats;
  final boolean[][] flags;
  private final int[] at;
  private final boolean[] waits;

  /** Where the running threads go on, if a branch or an end set it. */
  private int next;

  /**
   * @param grid blocks and threads of a block: x, y, z of both
   */
  PtxBlock(PtxKernel kernel, int[] grid, MemorySegment memory, long[] arguments) {
    this.kernel = kernel;
    this.threads = grid[3] * grid[4] * grid[5];
    this.memory = memory;
    this.memoryStart = memory.address();
    this.shared = new byte[kernel.sharedBytes()];
    this.special = special(grid);
    this.arguments = arguments;
    this.lanes = new int[threads];
    this.ints = new int[kernel.count('r')][threads];
    this.longs = new long[kernel.count('d')][threads];
    this.floats = new float[kernel.count('f')][threads];
    this.flags = new boolean[kernel.count('p')][threads];
    this.at = new int[threads];
    this.waits = new boolean[threads];
    kernel.fillConstants(this);
  }

  private Map<String, int[]> special(int... grid) {
    Map<String, int[]> numbers = new HashMap<>();
    int apart = 1;
    for (int axis = 0; axis < 3; axis++) {
      int group = grid[3 + axis];
      int[] ids = new int[threads];
      for (int i = 0; i < threads; i++) {
        ids[i] = i / apart % group;
      }
      apart *= group;
      String name = AXES.get(axis);
      numbers.put("%tid." + name, ids);
      numbers.put("%ctaid." + name, new int[threads]);
      numbers.put("%ntid." + name, filled(group));
      numbers.put("%nctaid." + name, filled(grid[axis]));
    }
    return numbers;
  }

  private int[] filled(int value) {
    int[] filled = new int[threads];
    Arrays.fill(filled, value);
    return filled;
  }

  /** Runs all threads of a block of the grid from the start to the end. */
  void run(int... place) {
    for (int axis = 0; axis < 3; axis++) {
      Arrays.fill(special("%ctaid." + AXES.get(axis)), place[axis]);
    }
    Arrays.fill(at, 0);
    Arrays.fill(waits, false);
    // What no barrier orders may come in any order; leftovers must not help.
    Arrays.fill(shared, (byte) -1);
    while (true) {
      int first = DONE;
      int second = DONE;
      boolean waiting = false;
      for (int i = 0; i < threads; i++) {
        if (waits[i]) {
          waiting = true;
        } else if (at[i] < first) {
          second = first;
          first = at[i];
        } else if (at[i] > first && at[i] < second) {
          second = at[i];
        }
      }
      if (first == DONE) {
        if (!waiting) {
          return;
        }
        Arrays.fill(waits, false);
        continue;
      }
      runUntil(first, second);
    }
  }

  private void runUntil(int first, int limit) {
    active = 0;
    for (int i = 0; i < threads; i++) {
      if (!waits[i] && at[i] == first) {
        lanes[active++] = i;
      }
    }
    int now = first;
    while (now < limit) {
      next = now + 1;
      kernel.instruction(now).run(this);
      if (next < 0) {
        return;
      }
      now = next;
    }
    move(now);
  }

  private void move(int to) {
    for (int k = 0; k < active; k++) {
      at[lanes[k]] = to;
    }
  }

  /** A number of each thread that the launch gives, such as {@code %tid.x}. */
  int[] special(String name) {
    return Objects.requireNonNull(special.get(name), name);
  }

  void jump(int target) {
    next = target;
  }

  /** Lets those threads go elsewhere whose flag is as given. */
  void branch(boolean[] flag, boolean taken, int target) {
    int going = 0;
    for (int k = 0; k < active; k++) {
      going += flag[lanes[k]] == taken ? 1 : 0;
    }
    if (going == active) {
      next = target;
    } else if (going > 0) {
      for (int k = 0; k < active; k++) {
        at[lanes[k]] = flag[lanes[k]] == taken ? target : next;
      }
      next = -1;
    }
  }

  void barrier() {
    move(next);
    for (int k = 0; k < active; k++) {
      waits[lanes[k]] = true;
    }
    next = -1;
  }

  void end() {
    move(DONE);
    next = -1;
  }
}
