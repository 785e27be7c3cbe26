package org.t3jvm.accel.lower;

import java.util.List;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of matrix products and convolutions. */
final class ProductLowering {
  private static final int TILE = 64;

  private ProductLowering() {}

  static void linear(Lowering out, Value value, Op.Linear op) {
    int n = op.weight().shape().intDim(0);
    int k = op.weight().shape().intDim(1);
    int m = Math.toIntExact(value.shape().elements() / n);
    Place x = out.places().of(op.x());
    Place weight = out.places().of(op.weight());
    Place bias = RowLowering.optional(out, op.bias(), weight);
    out.emit(
        DeviceKernel.GEMM,
        List.of(out.places().of(value), x, weight, bias),
        new int[] {m, n, k, RowLowering.flag(op.bias()), k, 1, 0, 0, 0},
        Launch.Grid.tiles(tiles(n), tiles(m), 1));
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
        new int[] {
          m,
          n,
          k,
          0,
          op.transposeB() ? k : 1,
          op.transposeB() ? 1 : n,
          Math.multiplyExact(m, n),
          Math.multiplyExact(m, k),
          Math.multiplyExact(k, n)
        },
        Launch.Grid.tiles(tiles(n), tiles(m), batch));
  }

  static void conv3d(Lowering out, Value value, Op.Conv3d op) {
    Shape x = op.x().shape();
    Shape w = op.weight().shape();
    Shape y = value.shape();
    ConvGeometry g = op.geometry();
    Place weight = out.places().of(op.weight());
    out.emit(
        DeviceKernel.CONV3D,
        List.of(
            out.places().of(value),
            out.places().of(op.x()),
            weight,
            RowLowering.optional(out, op.bias(), weight)),
        new int[] {
          x.intDim(0),
          x.intDim(1),
          x.intDim(2),
          x.intDim(3),
          y.intDim(0),
          y.intDim(1),
          y.intDim(2),
          y.intDim(3),
          w.intDim(2),
          w.intDim(3),
          w.intDim(4),
          g.strideT(),
          g.strideH(),
          g.strideW(),
          g.padTBefore(),
          g.padHBefore(),
          g.padWBefore(),
          RowLowering.flag(op.bias())
        },
        Launch.Grid.tiles(tiles(y.outer(3)), tiles(y.dim(3)), 1));
  }

  private static long tiles(long extent) {
    return Math.ceilDiv(extent, (long) TILE);
  }
}
