package org.t3jvm.tensor.cases;

import java.util.List;
import java.util.stream.Stream;

/** The cases of every op. */
public final class OpCases {
  private OpCases() {}

  /** Every case, by op family; no two have one name. */
  public static List<OpCase> all() {
    return Stream.of(
            LinearCases.all(),
            ScaledCases.all(),
            MatMulCases.all(),
            ConvCases.all(),
            UpsampledConvCases.all(),
            AttentionCases.all(),
            WindowCases.all(),
            RowCases.all(),
            ReduceCases.all(),
            ElementwiseCases.all(),
            ModulationCases.all(),
            ShapeCases.all(),
            SpecialCases.all(),
            LargeCases.all(),
            ChainCases.all())
        .flatMap(List::stream)
        .toList();
  }
}
