package org.t3jvm.tensor.graph.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Ops that are computed for all examples of a {@link BatchedGraph} at once. */
final class BatchedRows {
  private final Tracer to;
  private final int count;
  private final Function<Value, BatchedValue> batched;

  BatchedRows(Tracer to, int count, Function<Value, BatchedValue> batched) {
    this.to = to;
    this.count = count;
    this.batched = batched;
  }

  /**
   * The results of an op on top of each other; empty if it must be computed for each example.
   *
   * @param result shape of one example's result
   */
  Optional<Value> together(Op.Computed op, Shape result) {
    if (result.rank() == 0 || op.operands().stream().anyMatch(x -> x.shape().rank() == 0)) {
      return Optional.empty();
    }
    if (op.hasIndependentRows() && !(op instanceof Op.Elementwise)) {
      return rows(op, result);
    }
    return switch (op) {
      case Op.Elementwise elementwise -> Optional.of(elementwise(elementwise, result));
      case MovementOp.Reshape reshape ->
          Optional.of(reshape(batched.apply(reshape.x()).stacked(), stackedShape(result)));
      case MovementOp.Slice slice when slice.axis() > 0 ->
          Optional.of(to.append(slice.mapOperands(x -> batched.apply(x).stacked())));
      case MovementOp.Permute permute -> Optional.of(permute(permute, result));
      case Op.Reduce reduce -> Optional.of(reduce(reduce, result));
      case Op.Product _, Op.RowWise _, Op.RmsFactor _, Op.Widening _ -> Optional.empty();
      case MovementOp _, GradientOp _ -> Optional.empty();
    };
  }

  /** An op on rows of some operands, if the others belong to all examples. */
  private Optional<Value> rows(Op.Computed op, Shape result) {
    List<Value> operands = op.operands();
    boolean[] byRow = new boolean[operands.size()];
    for (int i = 0; i < byRow.length; i++) {
      byRow[i] = op.readsRows(i, result);
      if (!byRow[i] && !batched.apply(operands.get(i)).isShared()) {
        return Optional.empty();
      }
    }
    // A row is what follows the outermost axis: without another one, rows are single elements.
    if (result.rank() < 2) {
      return Optional.empty();
    }
    int[] next = {0};
    return Optional.of(
        to.append(
            op.mapOperands(
                operand -> {
                  BatchedValue value = batched.apply(operand);
                  return byRow[next[0]++] ? value.stacked() : value.shared();
                })));
  }

  /** With the examples as an axis of their own before those of the result. */
  private Value elementwise(Op.Elementwise op, Shape result) {
    boolean alike =
        op.operands().stream()
            .allMatch(
                operand -> !batched.apply(operand).isShared() && operand.shape().equals(result));
    if (alike) {
      return to.append(op.mapOperands(operand -> batched.apply(operand).stacked()));
    }
    Value all =
        to.append(
            op.mapOperands(
                operand -> {
                  BatchedValue value = batched.apply(operand);
                  return value.isShared() && !operand.shape().equals(result)
                      ? value.shared()
                      : reshape(value.stacked(), examples(operand.shape(), result.rank()));
                }));
    return reshape(all, stackedShape(result));
  }

  private Value permute(MovementOp.Permute op, Shape result) {
    Shape shape = op.x().shape();
    List<Integer> axes = new ArrayList<>(List.of(0));
    op.axes().forEach(axis -> axes.add(axis + 1));
    Value x = reshape(batched.apply(op.x()).stacked(), examples(shape, shape.rank()));
    return reshape(to.permute(x, axes.toArray(Integer[]::new)), stackedShape(result));
  }

  private Value reduce(Op.Reduce op, Shape result) {
    Shape shape = op.x().shape();
    Value x = reshape(batched.apply(op.x()).stacked(), examples(shape, shape.rank()));
    return reshape(to.reduce(op.kind(), x, op.axis() + 1), stackedShape(result));
  }

  /** The shape of all examples with an axis for them, before {@code rank} axes. */
  private Shape examples(Shape shape, int rank) {
    LongStream ones = LongStream.generate(() -> 1).limit(rank - shape.rank());
    LongStream own = LongStream.range(0, shape.rank()).map(axis -> shape.dim((int) axis));
    return Shape.of(
        LongStream.concat(LongStream.of(count), LongStream.concat(ones, own)).toArray());
  }

  private Shape stackedShape(Shape shape) {
    return shape.with(0, count * shape.dim(0));
  }

  private Value reshape(Value x, Shape shape) {
    return x.shape().equals(shape) ? x : to.append(new MovementOp.Reshape(x, shape));
  }
}
