package org.t3jvm.tensor.cpu.rounded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.cpu.gemm.GemmLowering;
import org.t3jvm.tensor.cpu.gemm.WeightColumns;
import org.t3jvm.tensor.cpu.kernel.CpuKernel;
import org.t3jvm.tensor.cpu.kernel.Epilogue;
import org.t3jvm.tensor.cpu.kernel.LoweredOp;
import org.t3jvm.tensor.cpu.machine.TileKind;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Lowers linear maps whose operands are rounded to what tiles multiply. */
public final class RoundedLowering {
  /** Most of the temporary memory that packed panels take, in bytes, and packed rows. */
  private static final long PACKED_BYTES = 64L << 20;

  private RoundedLowering() {}

  /** {@code out [..., N] = x [..., K] weight [N, K]^T + bias}, then the epilogue. */
  public static LoweredOp linear(Op.Linear op, Value out, Epilogue epilogue, Tiles tiles) {
    return linear(op.x(), WeightColumns.of(op.weight()), op.bias(), out, epilogue, tiles);
  }

  /** A linear map whose weight is [N, K] but for axes of extent 1. */
  public static LoweredOp linear(
      Value x, Value weight, @Nullable Value bias, Value out, Epilogue epilogue, Tiles tiles) {
    return linear(x, new WeightColumns(weight, null), bias, out, epilogue, tiles);
  }

  private static LoweredOp linear(
      Value x,
      WeightColumns weights,
      @Nullable Value bias,
      Value out,
      Epilogue epilogue,
      Tiles tiles) {
    if (out.shape().elements() == 0) {
      return GemmLowering.NOTHING;
    }
    TileKind kind = tiles.kind();
    int depth = weights.depth();
    int columns = weights.columns();
    long rows = out.shape().elements() / columns;
    int panels = Math.ceilDiv(columns, Tiles.COLUMNS);
    long panelBytes = PackWeights.panelBytes(kind, depth);
    int panelsAtOnce = Math.clamp(PACKED_BYTES / panelBytes, 1, panels);
    long rowBytes = PackRows.rowBytes(kind, depth);
    int rowsAtOnce = Math.clamp(PACKED_BYTES / rowBytes, 1, (int) Math.min(rows, 1 << 20));
    long rowsPlace = panelsAtOnce * panelBytes;
    RoundedProduct.Operands operands =
        new RoundedProduct.Operands(tiles, depth, columns, bias, out, epilogue);
    List<CpuKernel> kernels = new ArrayList<>();
    for (long row = 0; row < rows; row += rowsAtOnce) {
      int rowCount = (int) Math.min(rowsAtOnce, rows - row);
      kernels.add(new PackRows(kind, x, depth, row, rowCount, rowsPlace));
      for (int panel = 0; panel < panels; panel += panelsAtOnce) {
        int count = Math.min(panelsAtOnce, panels - panel);
        // If all panels fit they are there from the first rows on.
        if (row == 0 || panelsAtOnce < panels) {
          kernels.add(new PackWeights(kind, weights, panel, count));
        }
        kernels.add(new RoundedProduct(operands, row, rowCount, panel, count, rowsPlace));
      }
    }
    return new LoweredOp(kernels, rowsPlace + rowsAtOnce * rowBytes);
  }
}
