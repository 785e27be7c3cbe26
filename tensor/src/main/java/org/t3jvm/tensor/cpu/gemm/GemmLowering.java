package org.t3jvm.tensor.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.Epilogue;
import org.t3jvm.tensor.cpu.Kernel;
import org.t3jvm.tensor.cpu.LoweredOp;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers linear maps, matrix products and convolutions to kernels. */
public final class GemmLowering {
  /** Most of the temporary memory that packed columns take, in bytes. */
  private static final long PACKED_BYTES = 64L << 20;

  private static final LoweredOp NOTHING = new LoweredOp(List.of(), 0);

  private GemmLowering() {}

  /** Whether the lowered op can be followed by an epilogue; few rows are not worth one. */
  public static boolean takesEpilogue(Op.Linear op) {
    return LinearRows.of(op.x()).rows() > DotProduct.MAX_ROWS;
  }

  /** Whether the lowered op can be followed by an epilogue; few rows are not worth one. */
  public static boolean takesEpilogue(Op.Conv3d op, Value out) {
    return out.shape().outer(3) > DotProduct.MAX_ROWS;
  }

  /** {@code out [..., N] = x [..., K] weight [N, K]^T + bias}, then the epilogue. */
  public static LoweredOp linear(Op.Linear op, Value out, Epilogue epilogue) {
    return product(op.x(), op.weight(), op.bias(), out, epilogue);
  }

  private static LoweredOp product(
      Value x, Value weight, @Nullable Value bias, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    Product product = new Product(LinearRows.of(x), new WeightColumns(weight), bias, out, epilogue);
    return product.rows().rows() <= DotProduct.MAX_ROWS
        ? LoweredOp.of(new DotProduct(product))
        : tiled(product);
  }

  /** {@code out [B..., M, N] = a [B..., M, K] b}. */
  public static LoweredOp matMul(Op.MatMul op, Value out) {
    boolean empty = out.shape().elements() == 0;
    return empty ? NOTHING : LoweredOp.of(new BatchedProduct(op, out));
  }

  /** Convolution of channels-last frames; one that sees single positions is a linear map. */
  public static LoweredOp conv3d(Op.Conv3d op, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    boolean pointwise = op.weight().shape().inner(1) == 1;
    if (pointwise && op.geometry().equals(ConvGeometry.valid())) {
      return product(op.x(), op.weight(), op.bias(), out, epilogue);
    }
    return tiled(
        new Product(new ConvRows(op, out), new ConvColumns(op.weight()), op.bias(), out, epilogue));
  }

  /** Packs as many columns as the temporary memory holds, multiplies, packs the next ones. */
  private static LoweredOp tiled(Product product) {
    PackedPanels packed = new PackedPanels(new PanelPacker(product.columns()));
    if (TiledProduct.alone(product)) {
      int all = Tile.panels(product.columns().columns());
      return LoweredOp.of(new TiledProduct(product, packed, 0, all));
    }
    long panelBytes = packed.panelBytes();
    int panels = Tile.panels(product.columns().columns());
    int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, panelBytes), 1, panels);
    List<Kernel> kernels = new ArrayList<>();
    for (int first = 0; first < panels; first += atOnce) {
      int count = Math.min(atOnce, panels - first);
      kernels.add(new PackColumns(packed, first, count));
      kernels.add(new TiledProduct(product, packed, first, count));
    }
    return new LoweredOp(kernels, atOnce * panelBytes);
  }
}
