package org.t3jvm.tensor.cases;

import java.util.List;
import java.util.stream.Stream;
import org.t3jvm.tensor.graph.GradientOp;

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
            InwardCases.all(),
            RowCases.all(),
            ReduceCases.all(),
            ElementwiseCases.all(),
            ModulationCases.all(),
            ShapeCases.all(),
            SpecialCases.all(),
            LargeCases.all(),
            ChainCases.all(),
            GradientCases.all())
        .flatMap(List::stream)
        .toList();
  }

  /** The cases without {@link GradientOp}s. */
  public static List<OpCase> forward() {
    return all().stream().filter(each -> !hasGradients(each)).toList();
  }

  private static boolean hasGradients(OpCase opCase) {
    return opCase.graph().values().stream().anyMatch(value -> value.op() instanceof GradientOp);
  }
}
