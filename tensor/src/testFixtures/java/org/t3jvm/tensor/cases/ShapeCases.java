package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Value;

/** Cases of the ops that move elements: permute, slice, concat, reshape, upsample, cast. */
final class ShapeCases {
  private static final long[][] SHAPES = {
    {1}, {17}, {5, 7}, {64, 33}, {3, 4, 5}, {1, 11, 16}, {2, 3, 4, 5}, {2, 3, 2, 3, 4}
  };

  /** One dtype of every element size. */
  private static final List<DType> MOVED = List.of(DType.F32, DType.BF16, DType.I64, DType.U8);

  private ShapeCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (long[] shape : SHAPES) {
      for (int axis = 0; axis < shape.length; axis++) {
        DType dtype = MOVED.get(turn++ % MOVED.size());
        cases.addAll(slices(dtype, axis, shape));
        cases.addAll(concats(dtype, axis, shape));
      }
    }
    cases.addAll(permutes());
    cases.addAll(reshapes());
    cases.addAll(upsamples());
    cases.addAll(casts());
    return cases;
  }

  private static List<OpCase> slices(DType dtype, int axis, long[] shape) {
    long extent = shape[axis];
    List<OpCase> cases = new ArrayList<>();
    cases.add(slice(dtype, axis, 0, 1, shape));
    cases.add(slice(dtype, axis, 0, 0, shape));
    if (extent > 1) {
      cases.add(slice(dtype, axis, extent - 1, 1, shape));
      cases.add(slice(dtype, axis, 0, extent, shape));
    }
    if (extent > 2) {
      cases.add(slice(dtype, axis, extent / 2, extent - extent / 2, shape));
    }
    return cases;
  }

  private static OpCase slice(DType dtype, int axis, long start, long length, long... dims) {
    CaseBuilder c = new CaseBuilder("slice");
    Value x = c.input("x", dtype, Fill.whole(0, 100), dims);
    return c.returns(
        c.g.slice(x, axis, start, length),
        Tolerance.EXACT,
        "%s %s, axis %d from %d, %d long",
        dtype,
        CaseBuilder.dims(dims),
        axis,
        start,
        length);
  }

  private static List<OpCase> concats(DType dtype, int axis, long[] shape) {
    return List.of(
        concat(dtype, axis, shape, 1),
        concat(dtype, axis, shape, 2, 1),
        concat(dtype, axis, shape, 3, 0, 17));
  }

  /** Parts of the given extents along the axis. */
  private static OpCase concat(DType dtype, int axis, long[] shape, long... extents) {
    CaseBuilder c = new CaseBuilder("concat");
    Value[] parts = new Value[extents.length];
    for (int i = 0; i < parts.length; i++) {
      long[] dims = shape.clone();
      dims[axis] = extents[i];
      parts[i] = c.input("part" + i, dtype, Fill.whole(0, 100), dims);
    }
    return c.returns(
        c.g.concat(axis, parts),
        Tolerance.EXACT,
        "%s %s, axis %d of %s",
        dtype,
        CaseBuilder.dims(shape),
        axis,
        Arrays.toString(extents));
  }

  private static List<OpCase> permutes() {
    List<OpCase> cases = new ArrayList<>();
    int turn = 0;
    for (List<Integer> axes : orders(3)) {
      cases.add(permute(MOVED.get(turn++ % MOVED.size()), axes, 3, 5, 7));
      cases.add(permute(DType.F32, axes, 16, 33, 17));
    }
    for (List<Integer> axes : orders(4)) {
      cases.add(permute(MOVED.get(turn++ % MOVED.size()), axes, 2, 3, 4, 5));
    }
    for (List<Integer> axes : orders(5)) {
      cases.add(permute(MOVED.get(turn++ % MOVED.size()), axes, 2, 3, 1, 4, 5));
    }
    for (DType dtype : DType.values()) {
      cases.add(permute(dtype, List.of(1, 0), 13, 18));
    }
    cases.add(permute(DType.F32, List.of(0), 9));
    cases.add(permute(DType.F32, List.of(0, 1), 5, 7));
    cases.add(permute(DType.F32, List.of(1, 0), 1, 7));
    cases.add(permute(DType.F32, List.of(1, 0), 130, 257));
    cases.add(permute(DType.F32, List.of(1, 0, 2), 3, 0, 2));
    // Patches of the DiT: [T, h, 2, w, 2, C] to [T, h, w, 2, 2, C], and heads to the front.
    cases.add(permute(DType.F32, List.of(0, 1, 3, 2, 4, 5), 3, 4, 2, 5, 2, 16));
    cases.add(permute(DType.F32, List.of(1, 0, 2), 77, 4, 24));
    return cases;
  }

  /** Every order of the axes of a rank. */
  private static List<List<Integer>> orders(int rank) {
    List<List<Integer>> orders = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < rank; i++) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> order : orders) {
        for (int axis = 0; axis < rank; axis++) {
          if (!order.contains(axis)) {
            List<Integer> next = new ArrayList<>(order);
            next.add(axis);
            longer.add(next);
          }
        }
      }
      orders = longer;
    }
    return orders;
  }

  private static OpCase permute(DType dtype, List<Integer> axes, long... dims) {
    CaseBuilder c = new CaseBuilder("permute");
    Value x = c.input("x", dtype, Fill.whole(0, 100), dims);
    return c.returns(
        c.g.permute(x, axes.toArray(Integer[]::new)),
        Tolerance.EXACT,
        "%s %s to %s",
        dtype,
        CaseBuilder.dims(dims),
        axes);
  }

  private static List<OpCase> reshapes() {
    return List.of(
        reshape(DType.F32, new long[] {5, 7}, 35),
        reshape(DType.F32, new long[] {6, 4}, 2, 3, 1, 4),
        reshape(DType.BF16, new long[] {2, 3, 4}, 4, 6),
        reshape(DType.I64, new long[] {1}),
        reshape(DType.F32, new long[] {}, 1, 1),
        reshape(DType.F32, new long[] {3, 0}, 0, 9));
  }

  private static OpCase reshape(DType dtype, long[] from, long... to) {
    CaseBuilder c = new CaseBuilder("reshape");
    Value x = c.input("x", dtype, Fill.whole(0, 100), from);
    return c.returns(
        c.g.reshape(x, to),
        Tolerance.EXACT,
        "%s %s to %s",
        dtype,
        CaseBuilder.dims(from),
        CaseBuilder.dims(to));
  }

  private static List<OpCase> upsamples() {
    List<OpCase> cases = new ArrayList<>();
    for (int factor : new int[] {1, 2, 3}) {
      for (int channels : new int[] {1, 3, 16, 33}) {
        cases.add(upsample(factor, 2, 5, 7, channels));
      }
      cases.add(upsample(factor, 1, 1, 1, 4));
      cases.add(upsample(factor, 0, 3, 2, 4));
    }
    return cases;
  }

  private static OpCase upsample(int factor, long... dims) {
    CaseBuilder c = new CaseBuilder("upsample");
    Value x = c.input("x", dims);
    return c.returns(
        c.g.upsample(x, factor), Tolerance.EXACT, "%s by %d", CaseBuilder.dims(dims), factor);
  }

  private static List<OpCase> casts() {
    List<OpCase> cases = new ArrayList<>();
    for (DType from : DType.values()) {
      for (DType to : DType.values()) {
        if (from != to) {
          cases.add(cast(from, to, Fill.whole(0, 100), "whole numbers", 5, 17));
        }
      }
    }
    // Halfway between two BF16, two F16, rounded up into the next exponent, into infinity.
    Fill edges =
        Fill.cycle(
            0,
            -0.0,
            1,
            -1,
            0x1.01p0,
            0x1.03p0,
            -0x1.01p0,
            0x1.002p0,
            0x1.006p0,
            0x1.ffp0,
            0x1.ffep0,
            65504,
            65519,
            65520,
            1e-8,
            6e-8,
            0x1p-24,
            0x1p-25,
            0x1.8p-25,
            3.4e38,
            -3.4e38,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN,
            0x1.fep127,
            1e-40);
    for (DType from : List.of(DType.F64, DType.F32, DType.BF16, DType.F16)) {
      for (DType to : List.of(DType.F64, DType.F32, DType.BF16, DType.F16)) {
        if (from != to) {
          cases.add(cast(from, to, edges, "edges", 2, 26));
          cases.add(cast(from, to, Fill.NORMAL, "normal", 1003));
        }
      }
    }
    cases.add(cast(DType.F32, DType.BF16, Fill.NORMAL, "normal", 0));
    cases.add(cast(DType.F32, DType.BF16, Fill.NORMAL, "normal"));
    return cases;
  }

  private static OpCase cast(DType from, DType to, Fill fill, String what, long... dims) {
    CaseBuilder c = new CaseBuilder("cast");
    Value x = c.input("x", from, fill, dims);
    return c.returns(
        c.g.cast(x, to),
        Tolerance.EXACT,
        "%s %s to %s, %s",
        from,
        CaseBuilder.dims(dims),
        to,
        what);
  }
}
