package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.GridRows;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.accel.slots.ProductSlots.Conv3d;
import org.t3jvm.accel.slots.ProductSlots.Gemm;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of matrix products and convolutions. */
final class ProductLowering {
  private static final int TILE = DeviceKernel.GEMM.tile();

  private ProductLowering() {}

  static void linear(Lowering out, Value value, Op.Linear op) {
    int n = op.weight().shape().intDim(0);
    int k = op.weight().shape().intDim(1);
    Place weight = out.places().of(op.weight());
    Place bias = RowLowering.optional(out, op.bias(), weight);
    Lowering.rows(
        value.shape().elements() / n,
        out.places().pieces(value).rows(n),
        out.places().pieces(op.x()).rows(k),
        (start, m, y, x) ->
            out.emit(
                DeviceKernel.GEMM,
                List.of(y, x, weight, bias),
                new Numbers()
                    .set(Gemm.M, m)
                    .set(Gemm.N, n)
                    .set(Gemm.K, k)
                    .set(Gemm.HAS_BIAS, op.bias() != null)
                    .set(Gemm.B_COLUMN, k)
                    .set(Gemm.B_TERM, 1)
                    .set(Gemm.Y_BATCH, 0)
                    .set(Gemm.A_BATCH, 0)
                    .set(Gemm.B_BATCH, 0),
                Launch.Grid.tiles(tiles(n), tiles(m), 1)));
  }

  static void matMul(Lowering out, Value value, Op.MatMul op) {
    Shape y = value.shape();
    int m = y.intDim(-2);
    int n = y.intDim(-1);
    int k = op.a().shape().intDim(-1);
    long batch = y.elements() / m / n;
    Place b = out.places().of(op.b());
    out.emit(
        DeviceKernel.GEMM,
        List.of(out.places().of(value), out.places().of(op.a()), b, b),
        new Numbers()
            .set(Gemm.M, m)
            .set(Gemm.N, n)
            .set(Gemm.K, k)
            .set(Gemm.HAS_BIAS, false)
            .set(Gemm.B_COLUMN, op.transposeB() ? k : 1)
            .set(Gemm.B_TERM, op.transposeB() ? 1 : n)
            .set(Gemm.Y_BATCH, Math.multiplyExact(m, n))
            .set(Gemm.A_BATCH, Math.multiplyExact(m, k))
            .set(Gemm.B_BATCH, Math.multiplyExact(k, n)),
        Launch.Grid.tiles(tiles(n), tiles(m), batch));
  }

  static void conv3d(Lowering out, Value value, Op.Conv3d op) {
    Shape y = value.shape();
    Pieces pieces = out.places().pieces(value).rows(y.dim(3));
    Pieces.parts(
        y.outer(3),
        (start, positions) -> {
          Place place = pieces.slice(start, positions);
          for (GridRows some : GridRows.of(start, positions, y.intDim(1), y.intDim(2))) {
            conv3d(out, op, some, place.slice(some.row() * y.dim(3), some.rows() * y.dim(3)));
          }
        },
        pieces);
  }

  /** Positions of the result that are a grid by themselves, from padding that is less by theirs. */
  private static void conv3d(Lowering out, Op.Conv3d op, GridRows some, Place y) {
    Shape x = op.x().shape();
    Shape w = op.weight().shape();
    ConvGeometry g = op.geometry();
    Place weight = out.places().of(op.weight());
    out.emit(
        DeviceKernel.CONV3D,
        List.of(y, out.places().of(op.x()), weight, RowLowering.optional(out, op.bias(), weight)),
        new Numbers()
            .set(Conv3d.IN_T, x.intDim(0))
            .set(Conv3d.IN_H, x.intDim(1))
            .set(Conv3d.IN_W, x.intDim(2))
            .set(Conv3d.IN_CHANNELS, x.intDim(3))
            .set(Conv3d.OUT_T, some.frames())
            .set(Conv3d.OUT_H, some.lines())
            .set(Conv3d.OUT_W, some.columns())
            .set(Conv3d.OUT_CHANNELS, w.intDim(0))
            .set(Conv3d.KERNEL_T, w.intDim(2))
            .set(Conv3d.KERNEL_H, w.intDim(3))
            .set(Conv3d.KERNEL_W, w.intDim(4))
            .set(Conv3d.STRIDE_T, g.strideT())
            .set(Conv3d.STRIDE_H, g.strideH())
            .set(Conv3d.STRIDE_W, g.strideW())
            .set(Conv3d.PAD_T, g.padTBefore() - some.t() * g.strideT())
            .set(Conv3d.PAD_H, g.padHBefore() - some.h() * g.strideH())
            .set(Conv3d.PAD_W, g.padWBefore() - some.w() * g.strideW())
            .set(Conv3d.HAS_BIAS, op.bias() != null),
        Launch.Grid.tiles(tiles(some.rows()), tiles(w.dim(0)), 1));
  }

  private static long tiles(long extent) {
    return Math.ceilDiv(extent, (long) TILE);
  }
}
