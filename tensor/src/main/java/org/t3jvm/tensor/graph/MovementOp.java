package org.t3jvm.tensor.graph;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** Elements of the operands at other places, or in another dtype; nothing is computed. */
public sealed interface MovementOp extends Op.Computed {
  /** Where the result lies within an operand, or null if its elements must be moved. */
  @Nullable View view();

  /**
   * A value that is a contiguous part of another.
   *
   * @param base the value that holds its elements, in the same order and dtype
   * @param offset bytes from the start of the base
   */
  record View(Value base, long offset) {}

  /** Conversion between dtypes. */
  record Cast(Value x, DType dtype) implements MovementOp {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Cast mapOperands(UnaryOperator<Value> to) {
      return new Cast(to.apply(x), dtype);
    }

    @Override
    public @Nullable View view() {
      return x.dtype() == dtype ? new View(x, 0) : null;
    }
  }

  /** The same elements in the same order under another shape. */
  record Reshape(Value x, Shape shape) implements MovementOp {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Reshape mapOperands(UnaryOperator<Value> to) {
      return new Reshape(to.apply(x), shape);
    }

    @Override
    public View view() {
      return new View(x, 0);
    }
  }

  /** Reorders axes: result axis i is x's axis {@code axes.get(i)}. */
  record Permute(Value x, List<Integer> axes) implements MovementOp {
    public Permute {
      axes = List.copyOf(axes);
    }

    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Permute mapOperands(UnaryOperator<Value> to) {
      return new Permute(to.apply(x), axes);
    }

    /** A view if all axes but those of extent 1 stay in order. */
    @Override
    public @Nullable View view() {
      List<Integer> moved = axes.stream().filter(axis -> x.shape().dim(axis) != 1).toList();
      return moved.equals(moved.stream().sorted().toList()) ? new View(x, 0) : null;
    }
  }

  /** {@code [start, start + length)} along one axis. */
  record Slice(Value x, int axis, long start, long length) implements MovementOp {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Slice mapOperands(UnaryOperator<Value> to) {
      return new Slice(to.apply(x), axis, start, length);
    }

    @Override
    public @Nullable View view() {
      boolean whole = length == x.shape().dim(axis);
      if (!whole && x.shape().outer(axis) != 1) {
        return null;
      }
      return new View(x, start * x.shape().inner(axis) * x.dtype().byteSize());
    }
  }

  /** Joins values along one axis. */
  record Concat(List<Value> parts, int axis) implements MovementOp {
    public Concat {
      parts = List.copyOf(parts);
    }

    @Override
    public List<Value> operands() {
      return parts;
    }

    @Override
    public Concat mapOperands(UnaryOperator<Value> to) {
      return new Concat(parts.stream().map(to).toList(), axis);
    }

    @Override
    public boolean hasIndependentRows() {
      return axis > 0;
    }

    @Override
    public boolean readsRows(int operand, Shape result) {
      return true;
    }

    @Override
    public @Nullable View view() {
      return parts.size() == 1 ? new View(parts.getFirst(), 0) : null;
    }
  }

  /** Repeats each row and column: x [T, H, W, C] gives [T, H*factor, W*factor, C] (nearest). */
  record Upsample(Value x, int factor) implements MovementOp {
    @Override
    public List<Value> operands() {
      return List.of(x);
    }

    @Override
    public Upsample mapOperands(UnaryOperator<Value> to) {
      return new Upsample(to.apply(x), factor);
    }

    @Override
    public @Nullable View view() {
      return factor == 1 ? new View(x, 0) : null;
    }
  }
}
