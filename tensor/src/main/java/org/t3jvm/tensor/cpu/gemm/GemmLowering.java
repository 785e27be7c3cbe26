package org.t3jvm.tensor.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers linear maps, matrix products and convolutions to kernels. */
public final class GemmLowering {
  /** Most of the temporary memory that packed columns take, in bytes. */
  private static final long PACKED_BYTES = 64L << 20;

  /** What computes a result without elements. */
  public static final LoweredOp NOTHING = new LoweredOp(List.of(), 0);

  private GemmLowering() {}

  /** Whether the lowered op can be followed by an epilogue; few rows are not worth one. */
  public static boolean takesEpilogue(Op.Linear op) {
    return takesEpilogue(LinearRows.of(op.x()).rows());
  }

  /** Whether a product of so many rows can be followed by an epilogue. */
  public static boolean takesEpilogue(long rows) {
    return rows > DotProduct.MAX_ROWS;
  }

  /** {@code out [..., N] = x [..., K] weight [N, K]^T + bias}, then the epilogue. */
  public static LoweredOp linear(Op.Linear op, Value out, Epilogue epilogue) {
    return product(op.x(), WeightColumns.of(op.weight()), op.bias(), out, epilogue);
  }

  /** A linear map whose weight is [N, K] but for axes of extent 1. */
  public static LoweredOp linear(
      Value x, Value weight, @Nullable Value bias, Value out, Epilogue epilogue) {
    return product(x, new WeightColumns(weight, null), bias, out, epilogue);
  }

  private static LoweredOp product(
      Value x, WeightColumns columns, @Nullable Value bias, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    Product product = new Product(LinearRows.of(x), columns.columns(), bias, out, epilogue);
    if (product.rows().rows() <= DotProduct.MAX_ROWS) {
      return LoweredOp.of(new DotProduct(product, columns));
    }
    if (TurnedProduct.suits(product)) {
      return TurnedProduct.lower(product, columns);
    }
    return tiled(product, new PanelPacker(columns), columns.weight().dtype() == DType.BF16);
  }

  private static LoweredOp tiled(Product product, Panels panels, boolean narrow) {
    if (TiledProduct.oneBlock(product)) {
      return LoweredOp.of(new TiledProduct(product, panels));
    }
    PackedPanels packed = new PackedPanels(panels.depth(), narrow);
    return tiled(product, packed, (first, count) -> new PackColumns(panels, packed, first, count));
  }

  /**
   * Whether the left side of a product is a transposed matrix that {@link #matMul} need not have.
   */
  public static boolean readsThrough(Op.MatMul op) {
    return op.a().op() instanceof MovementOp.Permute permute
        && op.a().shape().rank() == 2
        && op.a().dtype() == DType.F32
        && !op.transposeB()
        && permute.axes().equals(List.of(1, 0));
  }

  /**
   * {@code out [B..., M, N] = a [B..., M, K] b}.
   *
   * @param through whether a is read through, see {@link #readsThrough}
   */
  public static LoweredOp matMul(Op.MatMul op, boolean through, Value out) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    if (out.shape().rank() > 2) {
      return LoweredOp.of(new BatchedProduct(op, out));
    }
    if (op.transposeB()) {
      return product(op.a(), new WeightColumns(op.b(), null), null, out, Epilogue.NONE);
    }
    MatrixPanels panels = new MatrixPanels(op.b());
    RowSource rows =
        through ? TransposedRows.of(op.a().op().operands().getFirst()) : LinearRows.of(op.a());
    Product product = new Product(rows, panels.columns(), null, out, Epilogue.NONE);
    return tiled(product, panels, op.b().dtype() == DType.BF16);
  }

  /**
   * Packs as many panels as the temporary memory holds, multiplies, packs the next ones.
   *
   * @param packer the kernel that packs some panels, given the first and their number
   */
  public static LoweredOp tiled(
      Product product, PackedPanels packed, BiFunction<Integer, Integer, CpuKernel> packer) {
    long panelBytes = packed.panelBytes();
    int panels = Tile.panels(product.columns());
    int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, panelBytes), 1, panels);
    List<CpuKernel> kernels = new ArrayList<>();
    for (int first = 0; first < panels; first += atOnce) {
      int count = Math.min(atOnce, panels - first);
      kernels.add(packer.apply(first, count));
      kernels.add(new TiledProduct(product, packed, first, count));
    }
    return new LoweredOp(kernels, atOnce * panelBytes);
  }
}
