package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.Reduce}: every axis of shapes of rank 1 to 5. */
final class ReduceCases {
  private static final long[][] SHAPES = {
    {1},
    {7},
    {16},
    {17},
    {1000},
    {1, 1},
    {5, 7},
    {17, 300},
    {300, 17},
    {3, 4, 5},
    {13, 1, 11},
    {2, 33, 16},
    {2, 3, 4, 5},
    {4, 5, 6, 31},
    {2, 3, 2, 3, 2},
    {3, 0, 4}
  };

  private ReduceCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (Op.Reduce.Kind kind : Op.Reduce.Kind.values()) {
      for (long[] shape : SHAPES) {
        for (int axis = 0; axis < shape.length; axis++) {
          if (shape[axis] > 0) {
            cases.add(reduce(kind, axis, Fill.NORMAL, "normal", shape));
          }
        }
      }
      cases.add(reduce(kind, 1, Fill.uniform(-9, -1), "negative", 5, 23));
      cases.add(reduce(kind, 0, Fill.uniform(-9, -1), "negative", 5, 23));
    }
    return cases;
  }

  private static OpCase reduce(
      Op.Reduce.Kind kind, int axis, Fill fill, String what, long... dims) {
    CaseBuilder c = new CaseBuilder("reduce");
    Value x = c.input("x", DType.F32, fill, dims);
    double magnitude = what.equals("negative") ? 9 : 1;
    Tolerance tolerance =
        switch (kind) {
          case MAX -> Tolerance.EXACT;
          case MEAN -> Tolerance.ofSum(dims[axis], magnitude / dims[axis]);
          case SUM -> Tolerance.ofSum(dims[axis], magnitude);
        };
    return c.returns(
        c.g.reduce(kind, x, axis),
        tolerance,
        "%s of axis %d of %s, %s",
        kind,
        axis,
        CaseBuilder.dims(dims),
        what);
  }
}
