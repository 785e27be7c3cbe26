package org.t3jvm.tensor.cases;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.backend.Program;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.quantize.Q8;

/**
 * The products of the op matrix on a backend that may round their operands to BF16, or to int8 with
 * scales, against the reference's of operands that were rounded before.
 */
public final class RoundedProducts {
  private static final double ULP = 0x1p-8;

  /** Weights of an attention, rounded to BF16, and values of up to five deviations. */
  private static final double ATTENTION = 5 * ULP;

  private static final List<String> PRODUCTS = List.of("linear", "conv3d", "attention");

  private RoundedProducts() {}

  /**
   * The cases, but those with weights that are codes times scales, which are rounded when they are
   * multiplied out.
   */
  public static Stream<OpCase> cases() {
    return OpCases.forward().stream()
        .filter(opCase -> PRODUCTS.contains(opCase.op()))
        .filter(
            opCase ->
                opCase.graph().values().stream()
                    .noneMatch(value -> value.op() instanceof Op.Scaled));
  }

  /** Fails unless each element is right for operands as they are, or for rounded ones. */
  public static void check(Backend backend, Backend reference, OpCase opCase) {
    check(backend, reference, opCase, false);
  }

  /**
   * The same.
   *
   * @param folds whether convolutions that read through an upsampling round sums of weights, where
   *     the reference adds up rounded ones: each way is off by 2^-9 of each weight at most
   */
  public static void check(Backend backend, Backend reference, OpCase opCase, boolean folds) {
    check(backend, reference, opCase, folds, RoundedProducts::round);
  }

  /** Fails unless each element of a linear map is right for {@link #quantised} operands. */
  public static void checkInt8(Backend backend, Backend reference, OpCase opCase) {
    check(backend, reference, opCase, false, RoundedProducts::quantised);
  }

  private static void check(
      Backend backend,
      Backend reference,
      OpCase opCase,
      boolean folds,
      UnaryOperator<Tensor> rounding) {
    Tensor rounded =
        run(
            reference,
            opCase.graph(),
            rounded(opCase.inputs(), rounding),
            rounded(opCase.parameters(), rounding));
    Tensor actual = run(backend, opCase.graph(), opCase.inputs(), opCase.parameters());
    @Nullable Tensor exact = null;
    boolean attention = opCase.op().equals("attention");
    @Nullable Tensor magnitudes =
        folds && readsThrough(opCase.graph()) ? magnitudes(reference, opCase) : null;
    for (long i = 0; i < rounded.shape().elements(); i++) {
      double y = actual.getDouble(i);
      double near = rounded.getDouble(i);
      double limit = attention ? ATTENTION + ULP * Math.abs(near) : 0;
      if (magnitudes != null) {
        limit = ULP * magnitudes.getDouble(i);
      }
      if (opCase.tolerance().accepts(near, y) || Math.abs(y - near) <= limit) {
        continue;
      }
      // Products that the backend does not round at all are as good as the reference's.
      if (exact == null) {
        exact = run(reference, opCase.graph(), opCase.inputs(), opCase.parameters());
      }
      if (!opCase.tolerance().accepts(exact.getDouble(i), y)) {
        throw new AssertionError(
            "%s on %s, seed %d: element %d is %s, should be %s, or %s if operands are not rounded"
                .formatted(opCase, backend.name(), opCase.seed(), i, y, near, exact.getDouble(i)));
      }
    }
  }

  private static boolean readsThrough(Graph graph) {
    return graph.values().stream().anyMatch(value -> value.op() instanceof MovementOp.Upsample);
  }

  /** Sums of the magnitudes of all products. */
  private static Tensor magnitudes(Backend reference, OpCase opCase) {
    return run(
        reference, opCase.graph(), magnitudes(opCase.inputs()), magnitudes(opCase.parameters()));
  }

  private static Map<String, Tensor> magnitudes(Map<String, Tensor> tensors) {
    Map<String, Tensor> magnitudes = new HashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          Tensor positive = Tensor.allocate(tensor.dtype(), tensor.shape());
          for (long i = 0; i < tensor.shape().elements(); i++) {
            positive.setDouble(i, Math.abs(tensor.getDouble(i)));
          }
          magnitudes.put(name, positive);
        });
    return magnitudes;
  }

  private static Map<String, Tensor> rounded(
      Map<String, Tensor> tensors, UnaryOperator<Tensor> rounding) {
    Map<String, Tensor> rounded = new HashMap<>();
    tensors.forEach(
        (name, tensor) -> rounded.put(name, isBias(tensor) ? tensor : rounding.apply(tensor)));
    return rounded;
  }

  /** Biases are added to the sums. */
  private static boolean isBias(Tensor tensor) {
    return tensor.shape().rank() == 1;
  }

  private static Tensor round(Tensor tensor) {
    return tensor.to(DType.BF16).to(tensor.dtype());
  }

  /** A tensor [..., K] as codes times scales of blocks of its rows, F32, see {@link Q8}. */
  public static Tensor quantised(Tensor tensor) {
    long depth = tensor.shape().dim(-1);
    Tensor rows = tensor.reshape(Shape.of(tensor.shape().elements() / depth, depth));
    Tensor scales = Tensor.allocate(DType.F32, Q8.scalesShape(rows.shape()));
    Tensor codes = Tensor.allocate(DType.I8, rows.shape());
    Q8.scales(rows, scales, 1);
    Q8.codes(rows, scales, codes, 1);
    Tensor values = Tensor.allocate(DType.F32, tensor.shape());
    for (long i = 0; i < values.shape().elements(); i++) {
      long block = i / depth * scales.shape().dim(1) + i % depth / Q8.BLOCK;
      values.setDouble(i, codes.getDouble(i) * scales.getDouble(block));
    }
    return values;
  }

  /** The output {@link OpCase#OUTPUT} of a graph. */
  public static Tensor run(
      Backend backend, Graph graph, Map<String, Tensor> inputs, Map<String, Tensor> parameters) {
    try (Program program = backend.compile(graph, Parameters.of(parameters))) {
      return Objects.requireNonNull(program.run(inputs).get(OpCase.OUTPUT));
    }
  }
}
