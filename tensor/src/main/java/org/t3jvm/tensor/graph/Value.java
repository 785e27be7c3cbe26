package org.t3jvm.tensor.graph;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;

/** One value of a graph: what one {@link Op} produces. Ids number the values in execution order. */
public final class Value {
  private final int id;
  private final Op op;
  private final DType dtype;
  private final Shape shape;
  private final @Nullable String region;

  Value(int id, Op op, DType dtype, Shape shape, @Nullable String region) {
    this.id = id;
    this.op = op;
    this.dtype = dtype;
    this.shape = shape;
    this.region = region;
  }

  /** Position in {@link Graph#values()}; operands have smaller ids. */
  public int id() {
    return id;
  }

  /** The op that produces this value. */
  public Op op() {
    return op;
  }

  public DType dtype() {
    return dtype;
  }

  public Shape shape() {
    return shape;
  }

  /** Name of the innermost region traced around this value, or null outside of all regions. */
  public @Nullable String region() {
    return region;
  }

  /** As {@code norm#12 F32 [144, 72] (blocks.3)}; inputs and parameters show their own name. */
  @Override
  public String toString() {
    String name =
        switch (op) {
          case Op.Input input -> input.name();
          case Op.Parameter parameter -> parameter.name();
          case Op.Constant _, Op.Computed _ -> op.opName() + "#" + id;
        };
    return name + " " + dtype + " " + shape + (region == null ? "" : " (" + region + ")");
  }
}
