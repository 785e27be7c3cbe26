package org.t3jvm.tensor.cpu.elementwise;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.Shape;

/**
 * How operands line up with a result under right-aligned broadcasting, as runs: within a run of
 * {@link #run} result elements every operand advances by its step, 0 or 1. Neighbouring axes along
 * which all operands behave alike are taken together, so runs are as long as can be.
 */
final class Broadcast {
  private final List<Axis> outer;
  private final Axis inner;

  /** Operands of which all runs are the same one, such as a vector that goes with every row. */
  private final boolean[] still;

  /** An axis of the result, and how far each operand moves along it. */
  private static final class Axis {
    final long extent;
    final long[] strides;

    Axis(long extent, long[] strides) {
      this.extent = extent;
      this.strides = strides;
    }

    /** True if this axis, just outside of {@code next}, continues it for every operand. */
    boolean continues(Axis next) {
      for (int i = 0; i < strides.length; i++) {
        if (strides[i] != next.strides[i] * next.extent) {
          return false;
        }
      }
      return true;
    }
  }

  private Broadcast(List<Axis> axes) {
    this.inner = axes.getLast();
    this.outer = List.copyOf(axes.subList(0, axes.size() - 1).reversed());
    this.still = new boolean[inner.strides.length];
    for (int i = 0; i < still.length; i++) {
      int operand = i;
      still[i] = outer.stream().allMatch(axis -> axis.strides[operand] == 0);
    }
  }

  static Broadcast of(Shape result, Shape... operands) {
    List<Axis> axes = new ArrayList<>();
    for (int axis = 0; axis < result.rank(); axis++) {
      if (result.dim(axis) != 1) {
        append(axes, axis(result, axis - result.rank(), operands));
      }
    }
    if (axes.isEmpty()) {
      axes.add(new Axis(1, new long[operands.length]));
    }
    return new Broadcast(axes);
  }

  private static Axis axis(Shape result, int fromEnd, Shape[] operands) {
    long[] strides = new long[operands.length];
    for (int i = 0; i < operands.length; i++) {
      Shape operand = operands[i];
      boolean moves = operand.rank() + fromEnd >= 0 && operand.dim(fromEnd) != 1;
      strides[i] = moves ? operand.inner(operand.axis(fromEnd)) : 0;
    }
    return new Axis(result.dim(fromEnd), strides);
  }

  private static void append(List<Axis> axes, Axis axis) {
    if (!axes.isEmpty() && axes.getLast().continues(axis)) {
      Axis last = axes.removeLast();
      axes.add(new Axis(last.extent * axis.extent, axis.strides));
    } else {
      axes.add(axis);
    }
  }

  /** Elements of one run. */
  long run() {
    return inner.extent;
  }

  /** Elements that an operand advances for one element of a run. */
  long step(int operand) {
    return inner.strides[operand];
  }

  /** The operand's element at the start of a run. */
  long start(int operand, long run) {
    if (still[operand]) {
      return 0;
    }
    long start = 0;
    long rest = run;
    for (int i = 0; i < outer.size(); i++) {
      Axis axis = outer.get(i);
      start += rest % axis.extent * axis.strides[operand];
      rest /= axis.extent;
    }
    return start;
  }
}
