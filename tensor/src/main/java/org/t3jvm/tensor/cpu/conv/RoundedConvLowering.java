package org.t3jvm.tensor.cpu.conv;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.rounded.RoundedLowering;
import org.t3jvm.tensor.cpu.rounded.Tiles;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/**
 * Lowers convolutions whose operands are rounded to BF16: lines of x are packed once, as many as
 * fit, then multiplied by packed filters.
 */
public final class RoundedConvLowering {
  /** Most of the temporary memory that packed lines take, in bytes, if one block allows it. */
  private static final long PACKED_BYTES = 64L << 20;

  private final Tiles tiles;
  private final @Nullable Value bias;
  private final Value out;
  private final Epilogue epilogue;

  /** Convolutions over the same x, each of which makes a part of the result. */
  private final List<ConvFields> fields = new ArrayList<>();

  private final List<RoundedFilters> filters = new ArrayList<>();
  private long filterBytes;

  private RoundedConvLowering(Tiles tiles, @Nullable Value bias, Value out, Epilogue epilogue) {
    this.tiles = tiles;
    this.bias = bias;
    this.out = out;
    this.epilogue = epilogue;
  }

  /** Convolution of channels-last frames; one that sees single positions is a linear map. */
  public static LoweredOp conv3d(Op.Conv3d op, Value out, Epilogue epilogue, Tiles tiles) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    if (ConvLowering.isLinear(op)) {
      return RoundedLowering.linear(op.x(), op.weight(), op.bias(), out, epilogue, tiles);
    }
    RoundedConvLowering lowering = new RoundedConvLowering(tiles, op.bias(), out, epilogue);
    ConvFields fields = ConvFields.of(op, out);
    lowering.add(fields, ConvFilters.of(op.weight(), ChannelParts.whole(fields.channels())));
    return lowering.lower();
  }

  /**
   * A convolution that reads through the upsampling of its operand, see {@link
   * ConvLowering#upsampledConv3d}: what is rounded are the sums of the weights.
   */
  public static LoweredOp upsampledConv3d(
      MovementOp.Upsample upsample, Op.Conv3d op, Value out, Epilogue epilogue, Tiles tiles) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    RoundedConvLowering lowering = new RoundedConvLowering(tiles, op.bias(), out, epilogue);
    for (int parity = 0; parity < 4; parity++) {
      int row = parity / 2;
      int column = parity % 2;
      ConvFields fields = ConvFields.upsampled(upsample, op, out, row, column);
      if (fields.gridH() > 0) {
        ChannelParts whole = ChannelParts.whole(fields.channels());
        lowering.add(fields, ConvFilters.upsampled(op.weight(), whole, row, column));
      }
    }
    return lowering.lower();
  }

  private void add(ConvFields part, ConvFilters columns) {
    RoundedFilters packed = new RoundedFilters(columns, filterBytes);
    fields.add(part);
    filters.add(packed);
    filterBytes += packed.bytes();
  }

  private LoweredOp lower() {
    List<CpuKernel> kernels = new ArrayList<>();
    for (RoundedFilters each : filters) {
      kernels.add(new PackFilters(each.filters(), each, 0, each.panels()));
    }
    int gridT = fields.getFirst().gridT();
    int gridH = fields.stream().mapToInt(ConvFields::gridH).max().orElseThrow();
    int frames = gridT;
    while (frames > 1 && lines(0, frames, 0, gridH).bytes() > PACKED_BYTES) {
      frames--;
    }
    int rows = gridH;
    while (rows > 1 && lines(0, frames, 0, rows).bytes() > PACKED_BYTES) {
      rows--;
    }
    long lineBytes = 0;
    for (int t = 0; t < gridT; t += frames) {
      for (int h = 0; h < gridH; h += rows) {
        RoundedLines lines = lines(t, Math.min(gridT, t + frames), h, h + rows);
        lineBytes = Math.max(lineBytes, lines.bytes());
        kernels.add(lines);
        multiply(lines, t, Math.min(frames, gridT - t), h, rows, kernels);
      }
    }
    return new LoweredOp(kernels, filterBytes + lineBytes);
  }

  private void multiply(
      RoundedLines lines, int t, int frames, int h, int rows, List<CpuKernel> kernels) {
    for (int i = 0; i < fields.size(); i++) {
      int count = Math.min(rows, fields.get(i).gridH() - h);
      if (count > 0) {
        RoundedConv.Operands operands =
            new RoundedConv.Operands(tiles, fields.get(i), filters.get(i), bias, out, epilogue);
        kernels.add(new RoundedConv(operands, lines, t, frames, h, count));
      }
    }
  }

  /** What frames {@code [t, endT)} and rows {@code [h, endH)} of all grids see of x. */
  private RoundedLines lines(int t, int endT, int h, int endH) {
    ConvFields any = fields.getFirst();
    int strideT = any.geometry().strideT();
    int firstFrame = t * strideT - any.geometry().padTBefore();
    int endFrame = firstFrame + (endT - t - 1) * strideT + any.kernelT();
    int firstRow = Integer.MAX_VALUE;
    int endRow = 0;
    int padding = 0;
    for (ConvFields each : fields) {
      int stride = each.geometry().strideH();
      int top = h * stride - each.geometry().padHBefore();
      firstRow = Math.min(firstRow, top);
      endRow = Math.max(endRow, top + (endH - h - 1) * stride + each.kernelH());
      padding = Math.max(padding, each.geometry().padWBefore());
    }
    int columns = 0;
    for (ConvFields each : fields) {
      int behind = (each.gridW() - 1) * each.geometry().strideW() + each.kernelW();
      columns = Math.max(columns, padding - each.geometry().padWBefore() + behind);
    }
    int fromFrame = Math.clamp(firstFrame, 0, any.frames());
    int fromRow = Math.clamp(firstRow, 0, any.height());
    return new RoundedLines(
        any.x(),
        padding,
        columns,
        fromFrame,
        Math.clamp(endFrame, fromFrame, any.frames()) - fromFrame,
        fromRow,
        Math.clamp(endRow, fromRow, any.height()) - fromRow,
        filterBytes);
  }
}
