package org.t3jvm.tensor.grad;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * The gradient of one value as it grows. Parts that do not overlap, such as those of all slices of
 * a value, are joined rather than padded and added one by one.
 */
final class Adjoint {
  private record Part(int axis, long start, Value gradient) {
    long end() {
      return start + gradient.shape().dim(axis);
    }
  }

  private final List<Value> pending = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private @Nullable Value whole;

  void add(Value gradient) {
    pending.add(gradient);
  }

  void add(int axis, long start, Value gradient) {
    parts.add(new Part(axis, start, gradient));
  }

  /** The sum of all that was added so far, of a shape. */
  Value total(Reverse reverse, Shape shape) {
    Tracer g = reverse.tracer();
    parts.sort(Comparator.comparingInt(Part::axis).thenComparingLong(Part::start));
    while (!parts.isEmpty()) {
      pending.add(joined(takeRow(), reverse, shape));
    }
    for (Value gradient : pending) {
      whole = whole == null ? gradient : g.add(whole, gradient);
    }
    pending.clear();
    if (whole == null) {
      throw new IllegalStateException("a gradient that nothing was added to");
    }
    return whole;
  }

  /** Removes parts along one axis that follow each other. */
  private List<Part> takeRow() {
    List<Part> row = new ArrayList<>();
    for (Part part : parts) {
      if (row.isEmpty()
          || (part.axis() == row.getFirst().axis() && part.start() >= row.getLast().end())) {
        row.add(part);
      }
    }
    parts.removeAll(row);
    return row;
  }

  /** Parts with zeros between them. */
  private static Value joined(List<Part> row, Reverse reverse, Shape shape) {
    int axis = row.getFirst().axis();
    List<Value> pieces = new ArrayList<>();
    long end = 0;
    for (Part part : row) {
      if (part.start() > end) {
        pieces.add(reverse.zeros(shape.with(axis, part.start() - end)));
      }
      pieces.add(part.gradient());
      end = part.end();
    }
    if (end < shape.dim(axis)) {
      pieces.add(reverse.zeros(shape.with(axis, shape.dim(axis) - end)));
    }
    return pieces.size() == 1
        ? pieces.getFirst()
        : reverse.tracer().concat(axis, pieces.toArray(Value[]::new));
  }
}
