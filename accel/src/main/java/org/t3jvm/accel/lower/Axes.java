package org.t3jvm.accel.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.t3jvm.accel.memory.Pieces;
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

  /**
   * Some of a box's elements, a box themselves.
   *
   * @param at how many elements of the whole come before
   * @param starts the first element in each operand
   */
  record Box(long at, List<Long> starts, Axes axes) {
    int elements() {
      return Math.toIntExact(axes.inner(-1));
    }

    /** The last element in an operand, which is the furthest: distances are not negative. */
    private long last(int operand) {
      long last = starts.get(operand);
      for (long[] axis : axes.axes) {
        last += (axis[0] - 1) * axis[1 + operand];
      }
      return last;
    }

    /** Steps {@code from} up to {@code to} of an axis. */
    private Box steps(int axis, long from, long to) {
      Axes some = new Axes(axes.operands);
      for (int i = 0; i < axes.axes.size(); i++) {
        long[] numbers = axes.axes.get(i).clone();
        numbers[0] = i == axis ? to - from : numbers[0];
        some.add(numbers[0], Arrays.copyOfRange(numbers, 1, numbers.length));
      }
      List<Long> moved = new ArrayList<>();
      for (int i = 0; i < starts.size(); i++) {
        moved.add(starts.get(i) + from * axes.axes.get(axis)[1 + i]);
      }
      return new Box(at + from * axes.inner(axis), moved, some);
    }
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

  /** Elements of a step of an axis; of the whole box for axis -1. */
  private long inner(int axis) {
    return axes.stream().skip(axis + 1L).mapToLong(each -> each[0]).reduce(1, (a, b) -> a * b);
  }

  /** The elements from one up to another, in order, as boxes. */
  List<Box> range(long from, long to) {
    List<Box> boxes = new ArrayList<>();
    range(new Box(0, Collections.nCopies(operands, 0L), this), from, to, boxes);
    return boxes;
  }

  /** Adds elements of a box, counted from its first. */
  private static void range(Box box, long from, long to, List<Box> boxes) {
    if (from == to) {
      return;
    }
    if (from == 0 && to == box.axes.inner(-1)) {
      boxes.add(box);
      return;
    }
    long inner = box.axes.inner(0);
    long first = Math.ceilDiv(from, inner);
    long last = to / inner;
    if (first > last) {
      range(box.steps(0, last, first), from - last * inner, to - last * inner, boxes);
      return;
    }
    if (from < first * inner) {
      range(box.steps(0, first - 1, first), from - (first - 1) * inner, inner, boxes);
    }
    if (first < last) {
      boxes.add(box.steps(0, first, last));
    }
    if (last * inner < to) {
      range(box.steps(0, last, last + 1), 0, to - last * inner, boxes);
    }
  }

  /**
   * All elements, in boxes each of which lies in one place of every operand.
   *
   * @param starts the first element in each operand
   * @param pieces the operands, in rows of one element
   */
  List<Box> within(List<Long> starts, Pieces... pieces) {
    List<Box> boxes = new ArrayList<>();
    within(new Box(0, starts, this), pieces, boxes);
    return boxes;
  }

  private static void within(Box box, Pieces[] pieces, List<Box> boxes) {
    for (int operand = 0; operand < pieces.length; operand++) {
      long end = pieces[operand].end(box.starts.get(operand));
      if (box.last(operand) >= end) {
        int axis = box.axes.widest(operand);
        long[] numbers = box.axes.axes.get(axis);
        long distance = numbers[1 + operand];
        long step = box.last(operand) - (numbers[0] - 1) * distance;
        // As many steps as end in this place, or the first one, to be divided further.
        long before = Math.clamp(Math.ceilDiv(end - step, distance), 1, numbers[0] - 1);
        within(box.steps(axis, 0, before), pieces, boxes);
        within(box.steps(axis, before, numbers[0]), pieces, boxes);
        return;
      }
    }
    boxes.add(box);
  }

  /** The axis whose neighbours lie furthest apart in an operand. */
  private int widest(int operand) {
    int widest = 0;
    for (int i = 1; i < axes.size(); i++) {
      if (axes.get(i)[1 + operand] > axes.get(widest)[1 + operand]) {
        widest = i;
      }
    }
    return widest;
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
