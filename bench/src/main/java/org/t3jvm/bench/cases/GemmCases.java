package org.t3jvm.bench.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;
import org.t3jvm.tensor.quantize.Q8;

/**
 * {@link org.t3jvm.tensor.graph.Op.Linear} with bias at the shapes of the 1.3B and 5B DiT, and with
 * the few rows of timestep embeddings and short prompts.
 */
final class GemmCases {
  private static final int[] ROWS = {512, 2040, 8160};
  private static final int[][] DIT = {
    {1536, 1536}, {1536, 8960}, {8960, 1536}, {3072, 3072}, {3072, 14336}, {14336, 3072}
  };
  private static final int[] FEW_ROWS = {1, 32, 64};
  private static final int[][] FEW = {{1536, 9216}, {4096, 10240}};
  private static final int[] QUANTISED_ROWS = {64, 512, 2040};

  /** Above, a repetition takes long enough for a quick run to do without. */
  private static final double LARGE_FLOP = 100e9;

  private static final double LARGEST_FLOP = 200e9;

  private GemmCases() {}

  static List<GraphCase> all() {
    List<GraphCase> cases = new ArrayList<>();
    for (DType weights : new DType[] {DType.F32, DType.BF16}) {
      add(cases, ROWS, DIT, weights);
      add(cases, FEW_ROWS, FEW, weights);
    }
    // Seconds each, and at so many rows the weights' dtype no longer matters.
    cases.removeIf(gemm -> gemm.work() > LARGEST_FLOP && gemm.name().endsWith("-bf16"));
    add(cases, QUANTISED_ROWS, Arrays.copyOf(DIT, 3), DType.I8);
    return cases;
  }

  private static void add(List<GraphCase> cases, int[] rows, int[][] sizes, DType weights) {
    for (int[] size : sizes) {
      for (int each : rows) {
        cases.add(of(each, size[0], size[1], weights));
      }
    }
  }

  static GraphCase of(int rows, int inner, int columns, DType weights) {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.linear(
            g.input("x", DType.F32, Shape.of(rows, inner)),
            weight(g, Shape.of(columns, inner), weights),
            g.parameter("bias", DType.F32, Shape.of(columns))));
    String dtype = weights == DType.I8 ? "q8" : weights.name().toLowerCase(Locale.ROOT);
    GraphCase gemm =
        GraphCase.of(
            Suite.GEMM,
            "%dx%dx%d-%s".formatted(rows, inner, columns, dtype),
            "%d rows, %d -> %d, %s weights".formatted(rows, inner, columns, dtype),
            g.graph());
    return gemm.largeIf(gemm.work() > LARGE_FLOP);
  }

  /** A weight as it is stored; of {@link DType#I8} as {@link Q8} has it, codes times scales. */
  private static Value weight(Tracer g, Shape shape, DType dtype) {
    Value stored = g.parameter("weight", dtype, shape);
    return dtype == DType.I8
        ? g.scaled(stored, g.parameter("weight.scale", DType.F32, Q8.scalesShape(shape)), Q8.BLOCK)
        : stored;
  }
}
