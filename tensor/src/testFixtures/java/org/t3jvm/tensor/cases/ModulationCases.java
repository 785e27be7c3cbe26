package org.t3jvm.tensor.cases;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Value;

/** Cases of {@link Op.Modulate} and {@link Op.GatedResidual}: what broadcasts against x. */
final class ModulationCases {
  /** The shape of x, that of the shift or gate, and that of the scale. */
  private static final long[][][] SHAPES = {
    {{1, 1}, {1}, {1}},
    {{5, 7}, {7}, {7}},
    {{5, 7}, {1, 7}, {5, 1}},
    {{5, 7}, {5, 7}, {1}},
    {{5, 7}, {5, 1}, {5, 7}},
    {{5, 7}, {}, {7}},
    {{13, 16}, {1, 16}, {1, 16}},
    {{12, 17}, {1, 17}, {1, 17}},
    {{65, 96}, {1, 96}, {1, 96}},
    {{2, 3, 33}, {2, 1, 33}, {3, 33}},
    {{2, 3, 33}, {3, 1}, {2, 3, 1}},
    {{17}, {17}, {1}},
    {{2, 3, 4, 31}, {2, 1, 1, 31}, {3, 1, 31}},
    {{0, 9}, {9}, {1, 9}},
  };

  private ModulationCases() {}

  static List<OpCase> all() {
    List<OpCase> cases = new ArrayList<>();
    for (long[][] shapes : SHAPES) {
      cases.add(modulate(DType.F32, shapes));
      cases.add(gated(DType.F32, shapes));
    }
    cases.add(modulate(DType.BF16, SHAPES[1]));
    cases.add(gated(DType.BF16, SHAPES[1]));
    return cases;
  }

  private static Tolerance tolerance() {
    return Tolerance.ofUlps(2, "a product and sums in F32")
        .orAbsolute(16 * Tolerance.EPSILON, "products of up to 16 may be rounded before the sum");
  }

  private static OpCase modulate(DType dtype, long[][] shapes) {
    CaseBuilder c = new CaseBuilder("modulate");
    Value x = c.input("x", shapes[0]);
    Value shift = c.parameter("shift", dtype, shapes[1]);
    Value scale = c.parameter("scale", dtype, shapes[2]);
    return c.returns(
        c.g.modulate(x, shift, scale),
        tolerance(),
        "%s, %s shift %s, scale %s",
        CaseBuilder.dims(shapes[0]),
        dtype,
        CaseBuilder.dims(shapes[1]),
        CaseBuilder.dims(shapes[2]));
  }

  private static OpCase gated(DType dtype, long[][] shapes) {
    CaseBuilder c = new CaseBuilder("gatedResidual");
    Value x = c.input("x", shapes[0]);
    Value y = c.input("update", shapes[0]);
    Value gate = c.parameter("gate", dtype, shapes[1]);
    return c.returns(
        c.g.gatedResidual(x, gate, y),
        tolerance(),
        "%s, %s gate %s",
        CaseBuilder.dims(shapes[0]),
        dtype,
        CaseBuilder.dims(shapes[1]));
  }
}
