package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.Shape;

/**
 * Extents of a box of elements and the distances of neighbours along each axis, for some operands.
 * Axes that lie in one another in all of them are one, and axes of extent 1 are none.
 */
final class Axes {
  private final int operands;
  private final List<long[]> axes = new ArrayList<>();

  Axes(int operands) {
    this.operands = operands;
  }

  /** Adds the next inner axis with its distance in each operand. */
  void add(long extent, long... distances) {
    if (extent == 1) {
      return;
    }
    if (!axes.isEmpty()) {
      long[] outer = axes.getLast();
      boolean joins = true;
      for (int i = 0; i < operands; i++) {
        joins &= outer[1 + i] == distances[i] * extent;
      }
      if (joins) {
        outer[0] *= extent;
        System.arraycopy(distances, 0, outer, 1, operands);
        return;
      }
    }
    long[] axis = new long[1 + operands];
    axis[0] = extent;
    System.arraycopy(distances, 0, axis, 1, operands);
    axes.add(axis);
  }

  /** The axes of {@code whole}, with the distances of operands that are broadcast to it. */
  static Axes broadcast(Shape whole, Shape... shapes) {
    Axes axes = new Axes(shapes.length);
    for (int axis = whole.rank(); axis >= 1; axis--) {
      long[] distances = new long[shapes.length];
      for (int i = 0; i < shapes.length; i++) {
        Shape shape = shapes[i];
        boolean repeats = axis > shape.rank() || shape.dim(-axis) == 1;
        distances[i] = repeats ? 0 : shape.strides()[shape.rank() - axis];
      }
      axes.add(whole.dim(-axis), distances);
    }
    return axes;
  }

  /** Number of axes. */
  int count() {
    return axes.size();
  }

  /** Extent and distances, axis after axis, outermost first. */
  int[] numbers() {
    int[] numbers = new int[axes.size() * (1 + operands)];
    int at = 0;
    for (long[] axis : axes) {
      for (long number : axis) {
        numbers[at++] = Math.toIntExact(number);
      }
    }
    return numbers;
  }
}
