package org.t3jvm.tensor.cpu.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.Kernel;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
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
    return product(op.x(), WeightColumns.of(op.weight()), op.bias(), out, epilogue);
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
    return tiled(product, new PanelPacker(columns), columns.weight().dtype() == DType.BF16);
  }

  private static LoweredOp tiled(Product product, Panels panels, boolean narrow) {
    if (TiledProduct.oneBlock(product)) {
      return LoweredOp.of(new TiledProduct(product, panels));
    }
    PackedPanels packed = new PackedPanels(panels.depth(), narrow);
    return tiled(product, packed, (first, count) -> new PackColumns(panels, packed, first, count));
  }

  /** {@code out [B..., M, N] = a [B..., M, K] b}. */
  public static LoweredOp matMul(Op.MatMul op, Value out) {
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
    Product product =
        new Product(LinearRows.of(op.a()), panels.columns(), null, out, Epilogue.NONE);
    return tiled(product, panels, op.b().dtype() == DType.BF16);
  }

  /** Gradient of a convolution's weight: a product along the positions of the result. */
  public static LoweredOp conv3dWeight(Op.Gradient.Conv3dWeightGrad op, Value out) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    FieldPanels panels = new FieldPanels(ConvFields.of(op));
    Product product =
        new Product(TransposedRows.of(op.dy()), panels.columns(), null, out, Epilogue.NONE);
    // Panels as long as this are packed by each task: a temporary memory would hold few.
    return LoweredOp.of(new TiledProduct(product, panels));
  }

  /** Convolution of channels-last frames; one that sees single positions is a linear map. */
  public static LoweredOp conv3d(Op.Conv3d op, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    boolean pointwise = op.weight().shape().inner(1) == 1;
    if (pointwise && op.geometry().equals(ConvGeometry.valid())) {
      WeightColumns columns = new WeightColumns(op.weight(), null);
      return product(op.x(), columns, op.bias(), out, epilogue);
    }
    ConvFields fields = ConvFields.of(op, out);
    ConvFilters filters = ConvFilters.of(op.weight(), parts(fields));
    return ConvDots.suits(filters)
        ? LoweredOp.of(new ConvDots(fields, filters, op.bias(), out, epilogue))
        : conv(fields, filters, op.bias(), out, epilogue);
  }

  /** Whether the convolution's operand is one that {@link #upsampledConv3d} need not have. */
  public static boolean readsThrough(Op.Conv3d op) {
    long[] kernel = op.weight().shape().dims();
    ConvGeometry g = op.geometry();
    return op.x().op() instanceof Op.Upsample upsample
        && upsample.factor() == 2
        && kernel[3] == 3
        && kernel[4] == 3
        && g.strideH() == 1
        && g.strideW() == 1
        && g.padHBefore() <= 1
        && g.padHAfter() <= 1
        && g.padWBefore() == 1
        && g.padWAfter() == 1;
  }

  /**
   * A convolution that reads through the upsampling of its operand: four of them over the
   * upsampling's operand, with 4/9 of the multiplications.
   */
  public static LoweredOp upsampledConv3d(
      Op.Upsample upsample, Op.Conv3d op, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return NOTHING;
    }
    List<Kernel> kernels = new ArrayList<>();
    long temporaryBytes = 0;
    for (int parity = 0; parity < 4; parity++) {
      int row = parity / 2;
      int column = parity % 2;
      ConvFields fields = ConvFields.upsampled(upsample, op, out, row, column);
      if (fields.gridH() == 0) {
        continue;
      }
      ConvFilters filters = ConvFilters.upsampled(op.weight(), parts(fields), row, column);
      LoweredOp part = conv(fields, filters, op.bias(), out, epilogue);
      kernels.addAll(part.kernels());
      temporaryBytes = Math.max(temporaryBytes, part.temporaryBytes());
    }
    return new LoweredOp(kernels, temporaryBytes);
  }

  private static ChannelParts parts(ConvFields fields) {
    return ConvPixels.suits(fields)
        ? ChannelParts.of(fields.channels())
        : ChannelParts.whole(fields.channels());
  }

  private static LoweredOp conv(
      ConvFields fields, ConvFilters filters, @Nullable Value bias, Value out, Epilogue epilogue) {
    RowSource rows = ConvPixels.suits(fields) ? new ConvPixels(fields) : new ConvRows(fields);
    Product product = new Product(rows, filters.columns(), bias, out, epilogue);
    PackedPanels packed = new PackedPanels(filters.depth(), filters.areBFloat16());
    return tiled(product, packed, (first, count) -> new PackFilters(filters, packed, first, count));
  }

  /** Packs as many panels as the temporary memory holds, multiplies, packs the next ones. */
  private static LoweredOp tiled(
      Product product, PackedPanels packed, BiFunction<Integer, Integer, Kernel> packer) {
    long panelBytes = packed.panelBytes();
    int panels = Tile.panels(product.columns());
    int atOnce = Math.clamp(PACKED_BYTES / Math.max(1, panelBytes), 1, panels);
    List<Kernel> kernels = new ArrayList<>();
    for (int first = 0; first < panels; first += atOnce) {
      int count = Math.min(atOnce, panels - first);
      kernels.add(packer.apply(first, count));
      kernels.add(new TiledProduct(product, packed, first, count));
    }
    return new LoweredOp(kernels, atOnce * panelBytes);
  }
}
