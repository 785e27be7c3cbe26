package org.t3jvm.tensor.cpu.rounded;

import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Which products of a program round their operands, and what multiplies those. */
public final class Arithmetic {
  /** Operands as they are. */
  public static final Arithmetic F32 = new Arithmetic(Precision.F32, null, null);

  /**
   * Up to so many rows nothing is gained, and those of time embeddings would lose what they need.
   */
  private static final long FEW_ROWS = 32;

  /** With fewer channels sums would be fetched and put back more than added to. */
  private static final long FEWEST_CHANNELS = 16;

  /** Of so few outputs most of a panel would be empty. */
  private static final long FEW_OUTPUTS = 8;

  private final Precision precision;
  private final @Nullable Tiles linear;
  private final @Nullable Tiles others;

  private Arithmetic(Precision precision, @Nullable Tiles linear, @Nullable Tiles others) {
    this.precision = precision;
    this.linear = linear;
    this.others = others;
  }

  /** Operands of large products as BF16. */
  public static Arithmetic bFloat16(Tiles tiles) {
    return new Arithmetic(Precision.BF16, tiles, tiles);
  }

  /** Those of large linear maps as int8, and of other large products as BF16. */
  public static Arithmetic int8(Tiles linear, Tiles others) {
    return new Arithmetic(Precision.INT8, linear, others);
  }

  /** The arithmetic of a precision, by the fastest kernels of this process. */
  public static Arithmetic of(Precision precision) {
    return switch (precision) {
      case F32 -> F32;
      case BF16 -> bFloat16(Tiles.best(TileKind.BF16));
      case INT8 -> int8(Tiles.best(TileKind.INT8), Tiles.best(TileKind.BF16));
    };
  }

  public Precision precision() {
    return precision;
  }

  /** What multiplies the rounded operands of a product, or null if they stay F32. */
  public @Nullable Tiles tiles(Op.Product product, Value out) {
    if (!rounds(product, out)) {
      return null;
    }
    return product instanceof Op.Linear ? linear : others;
  }

  private static boolean rounds(Op.Product product, Value out) {
    return switch (product) {
      case Op.Linear op -> rows(out.shape()) > FEW_ROWS && op.x().shape().dim(-1) > 0;
      case Op.Attention op ->
          op.bias() == null
              && rows(out.shape()) > FEW_ROWS
              && op.k().shape().dim(0) > 0
              && !(op.pattern() instanceof AttentionPattern.Inward);
      case Op.Conv3d op ->
          rows(out.shape()) > FEW_ROWS
              && op.x().shape().dim(-1) >= FEWEST_CHANNELS
              && out.shape().dim(-1) > FEW_OUTPUTS;
      case Op.MatMul _ -> false;
    };
  }

  private static long rows(Shape shape) {
    return shape.elements() / Math.max(shape.dim(-1), 1);
  }
}
