package org.t3jvm.accel.lower;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.t3jvm.accel.memory.Pieces;
import org.t3jvm.accel.memory.Place;
import org.t3jvm.accel.slots.Numbers;
import org.t3jvm.accel.slots.ProductSlots.GemmBf16;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Launches of products and convolutions on tensor cores, whose operands lie as BF16. */
final class Bf16Products {
  private static final int TILE = DeviceKernel.GEMM_BF16.tile();
  private static final int THREADS = 256;

  /** Work groups, which take one tile after the other: two for each multiprocessor of an H200. */
  static final int GROUPS = 264;

  private Bf16Products() {}

  /**
   * @param packed whether the result is kept as BF16
   */
  static void linear(Lowering out, Value value, Op.Linear op, boolean packed) {
    Place weight = out.places().bf16(op.weight());
    int n = op.weight().shape().intDim(0);
    int k = op.weight().shape().intDim(1);
    Lowering.rows(
        value.shape().elements() / n,
        result(out, value, packed).rows(n),
        out.places().bf16Pieces(op.x()).rows(k),
        (start, m, y, x) -> product(out, y, packed, x, weight, op.bias(), m, n, k));
  }

  /** Some positions after the other: what they look at is listed, and multiplied. */
  static void conv3d(Lowering out, Value value, Op.Conv3d op, boolean packed) {
    Shape x = op.x().shape();
    Shape w = op.weight().shape();
    Shape y = value.shape();
    PackedRows.Looks looks =
        new PackedRows.Looks(
            x.intDim(0),
            x.intDim(1),
            x.intDim(2),
            x.intDim(3) / 2,
            y.intDim(1),
            y.intDim(2),
            w.intDim(2),
            w.intDim(3),
            w.intDim(4),
            op.geometry());
    Place room = out.places().room(Room.What.PATCHES);
    int n = y.intDim(3);
    Pieces result = result(out, value, packed).rows(n);
    int positions = Math.toIntExact(y.outer(3));
    int most = Math.toIntExact(room.elements() / looks.patch());
    for (int first = 0, count; first < positions; first += count) {
      long left = Math.min(result.end(first), positions) - first;
      count = (int) Math.min(most, left);
      long words = (long) count * looks.patch();
      Place patches = room.slice(0, words);
      out.emit(PackedRows.patches(patches, out.places().bf16(op.x()), first, count, looks));
      Place weight = out.places().bf16(op.weight());
      product(
          out,
          result.slice(first, count),
          packed,
          patches,
          weight,
          op.bias(),
          count,
          n,
          2 * looks.patch());
    }
  }

  private static Pieces result(Lowering out, Value value, boolean packed) {
    return packed ? out.places().bf16Pieces(value) : out.places().pieces(value);
  }

  private static void product(
      Lowering out,
      Place result,
      boolean packed,
      Place x,
      Place weight,
      @Nullable Value bias,
      int m,
      int n,
      int k) {
    Place scratch = out.places().scratch((long) GROUPS * TILE * TILE);
    out.emit(
        DeviceKernel.GEMM_BF16,
        List.of(
            packed ? out.places().unused() : result,
            packed ? result : weight,
            scratch,
            x,
            weight,
            RowLowering.optional(out, bias, out.places().unused())),
        new Numbers()
            .set(GemmBf16.M, m)
            .set(GemmBf16.N, n)
            .set(GemmBf16.K, k)
            .set(GemmBf16.HAS_BIAS, bias != null)
            .set(GemmBf16.TO_PACKED, packed)
            .set(GemmBf16.GROUPS, GROUPS),
        new Launch.Grid(GROUPS * THREADS, 1, 1, THREADS, 1));
  }
}
