package org.t3jvm.tensor.cpu.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Finds the values that are a contiguous part of one of their operands and need no kernel. */
final class Views {
  private Views() {}

  /**
   * A value that lies inside of another.
   *
   * @param base the value that holds its elements, in the same order and dtype
   * @param offset bytes from the start of the base
   */
  record View(Value base, long offset) {}

  /** Where {@code value} lies in one of its operands, or null if it must be computed. */
  static @Nullable View of(Value value) {
    return switch (value.op()) {
      case Op.Reshape reshape -> new View(reshape.x(), 0);
      case Op.Slice slice -> slice(slice);
      case Op.Permute permute -> keepsOrder(permute) ? new View(permute.x(), 0) : null;
      case Op.Cast cast -> cast.x().dtype() == cast.dtype() ? new View(cast.x(), 0) : null;
      case Op.Concat concat ->
          concat.parts().size() == 1 ? new View(concat.parts().getFirst(), 0) : null;
      case Op.Upsample upsample -> upsample.factor() == 1 ? new View(upsample.x(), 0) : null;
      default -> null;
    };
  }

  private static @Nullable View slice(Op.Slice slice) {
    Shape shape = slice.x().shape();
    boolean whole = slice.length() == shape.dim(slice.axis());
    if (!whole && shape.outer(slice.axis()) != 1) {
      return null;
    }
    DType dtype = slice.x().dtype();
    return new View(slice.x(), slice.start() * shape.inner(slice.axis()) * dtype.byteSize());
  }

  /** True if all axes but those of extent 1 stay in order. */
  private static boolean keepsOrder(Op.Permute permute) {
    Shape shape = permute.x().shape();
    List<Integer> moved = permute.axes().stream().filter(axis -> shape.dim(axis) != 1).toList();
    return moved.equals(moved.stream().sorted().toList());
  }
}
