package org.t3jvm.tensor.cpu.conv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.cpu.gemm.PackedPanels;
import org.t3jvm.tensor.cpu.gemm.Product;
import org.t3jvm.tensor.cpu.gemm.RowSource;
import org.t3jvm.tensor.cpu.gemm.Tile;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers convolutions to implicit products, or to dot products where there are few filters. */
public final class ConvLowering {
  private ConvLowering() {}

  /** Whether the lowered op can be followed by an epilogue; few rows are not worth one. */
  public static boolean takesEpilogue(Op.Conv3d op, Value out) {
    return GemmLowering.takesEpilogue(out.shape().outer(3));
  }

  /** Gradient of a convolution's weight: a product along the positions of the result. */
  public static LoweredOp conv3dWeight(GradientOp.Conv3dWeightGrad op, Value out) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    ConvFields fields = ConvFields.of(op);
    if (ConvWeightStrips.suits(fields, op.dy().shape().intDim(3))) {
      return ConvWeightStrips.lower(fields, op.dy(), out);
    }
    return ConvWeightBlocks.lower(fields, op.dy(), out);
  }

  /** Convolution of channels-last frames; one that sees single positions is a linear map. */
  public static LoweredOp conv3d(Op.Conv3d op, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    if (isLinear(op)) {
      return GemmLowering.linear(op.x(), op.weight(), op.bias(), out, epilogue);
    }
    ConvFields fields = ConvFields.of(op, out);
    ConvFilters filters = ConvFilters.of(op.weight(), parts(fields));
    return ConvDots.suits(fields, filters)
        ? LoweredOp.of(new ConvDots(fields, filters, op.bias(), out, epilogue))
        : conv(fields, filters, op.bias(), out, epilogue);
  }

  /** Whether a convolution sees single positions, without padding. */
  static boolean isLinear(Op.Conv3d op) {
    return op.weight().shape().inner(1) == 1 && op.geometry().equals(ConvGeometry.valid());
  }

  /** Whether the convolution's operand is one that {@link #upsampledConv3d} need not have. */
  public static boolean readsThrough(Op.Conv3d op) {
    long[] kernel = op.weight().shape().dims();
    ConvGeometry g = op.geometry();
    return op.x().op() instanceof MovementOp.Upsample upsample
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
      MovementOp.Upsample upsample, Op.Conv3d op, Value out, Epilogue epilogue) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    List<CpuKernel> kernels = new ArrayList<>();
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
    PackedPanels packed = new PackedPanels(filters.depth(), filters.areBFloat16());
    if (ConvStrips.suits(fields, filters)) {
      return strips(fields, filters, packed, bias, out, epilogue);
    }
    RowSource rows = ConvPixels.suits(fields) ? new ConvPixels(fields) : new ConvRows(fields);
    Product product = new Product(rows, filters.columns(), bias, out, epilogue);
    return GemmLowering.tiled(
        product,
        packed,
        (first, count) ->
            new PackFilters(filters, new FloatFilters(filters, packed), first, count));
  }

  private static LoweredOp strips(
      ConvFields fields,
      ConvFilters filters,
      PackedPanels packed,
      @Nullable Value bias,
      Value out,
      Epilogue epilogue) {
    int panels = Tile.panels(filters.columns());
    CpuKernel pack = new PackFilters(filters, new FloatFilters(filters, packed), 0, panels);
    CpuKernel strips = new ConvStrips(fields, packed, filters.columns(), bias, out, epilogue);
    return new LoweredOp(List.of(pack, strips), panels * packed.panelBytes());
  }
}
