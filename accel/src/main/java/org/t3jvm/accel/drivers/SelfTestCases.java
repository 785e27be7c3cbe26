package org.t3jvm.accel.drivers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Precision;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/**
 * Small graphs that together run every kernel but those around NVIDIA's libraries, each one a
 * kernel or two that are new.
 */
final class SelfTestCases {
  private static final long SEED = 17;

  /** The name of a graph's one result. */
  static final String RESULT = "y";

  /**
   * A graph and what it computes on.
   *
   * @param tensors its parameters by name
   * @param precision of its products; in BF16 their operands are numbers of BF16
   * @param tolerance of elements about 1
   */
  record Case(Graph graph, Map<String, Tensor> tensors, Precision precision, double tolerance) {}

  /** Far above what sums of a hundred F32 terms lose, far below what a wrong one gives. */
  private static final double SUMS = 1e-4;

  /** That of weights of an attention rounded to BF16. */
  private static final double ROUNDED_WEIGHTS = 2e-2;

  private final Random random = new Random(SEED);
  private final List<Case> cases = new ArrayList<>();

  private SelfTestCases() {}

  /**
   * All of them.
   *
   * @param bf16 whether the device multiplies BF16
   */
  static List<Case> all(boolean bf16) {
    SelfTestCases all = new SelfTestCases();
    all.elementwise();
    all.rows();
    all.moves();
    all.products();
    if (bf16) {
      all.bf16Products();
    }
    return all.cases;
  }

  /** Gives a graph its parameters: dtype and sizes. */
  private interface Given extends BiFunction<DType, long[], Value> {
    default Value f32(long... dims) {
      return apply(DType.F32, dims);
    }
  }

  @FunctionalInterface
  private interface Traced {
    Value result(Tracer g, Given given);
  }

  private void add(Traced traced) {
    add(traced, Precision.F32, SUMS);
  }

  private void add(Traced traced, Precision precision, double tolerance) {
    Tracer g = new Tracer();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Value result =
        traced.result(
            g,
            (dtype, dims) -> {
              String name = "x" + tensors.size();
              Tensor tensor = filled(dtype, Shape.of(dims));
              tensors.put(
                  name, precision == Precision.BF16 ? tensor.to(DType.BF16).to(dtype) : tensor);
              return g.parameter(name, dtype, Shape.of(dims));
            });
    g.output(RESULT, result);
    cases.add(new Case(g.graph(), tensors, precision, tolerance));
  }

  private Tensor filled(DType dtype, Shape shape) {
    Tensor tensor = Tensor.allocate(dtype, shape);
    for (long i = 0; i < shape.elements(); i++) {
      double value =
          switch (dtype) {
            case I8 -> random.nextInt(-127, 128);
            case I64 -> random.nextInt(7);
            default -> random.nextGaussian();
          };
      tensor.setDouble(i, value);
    }
    return tensor;
  }

  private void elementwise() {
    add((g, x) -> g.cast(x.f32(3, 35), DType.F64));
    add((g, x) -> g.silu(x.f32(3, 35)));
    add((g, x) -> g.clamp(g.affine(g.geluTanh(g.exp(x.f32(71))), 0.5f, 1), -2, 2));
    add((g, x) -> g.add(x.f32(5, 33), x.f32(1, 33)));
    add((g, x) -> g.div(g.sub(x.f32(5, 33), x.f32(5, 1)), g.exp(x.f32(33))));
    add((g, x) -> g.modulate(x.f32(5, 33), x.f32(1, 33), x.f32(1, 33)));
    add((g, x) -> g.cast(x.f32(129), DType.BF16));
  }

  private void rows() {
    add((g, x) -> g.layerNorm(x.f32(3, 130), x.f32(130), x.f32(130), 1e-6f));
    add((g, x) -> g.rmsNorm(x.f32(3, 67), x.f32(67), 1e-6f));
    add((g, x) -> g.softmax(x.f32(3, 130)));
    add((g, x) -> g.reduce(Op.Reduce.Kind.MEAN, x.f32(3, 70, 2), 1));
    add((g, x) -> g.rope(x.f32(12, 24), 2, new TokenGrid(2, 2, 3)));
  }

  private void moves() {
    add((g, x) -> g.permute(x.f32(3, 5, 7), 2, 0, 1));
    add((g, x) -> g.embedding(x.f32(7, 10), x.apply(DType.I64, new long[] {9})));
    add(
        (g, x) ->
            g.embedding(
                x.apply(DType.BF16, new long[] {7, 10}), x.apply(DType.I64, new long[] {9})));
    add((g, x) -> g.cast(x.apply(DType.F16, new long[] {65}), DType.F32));
    add((g, x) -> g.scaled(x.apply(DType.I8, new long[] {6, 40}), x.f32(6, 3), 16));
  }

  private void products() {
    add((g, x) -> g.linear(x.f32(67, 35), x.f32(70, 35), x.f32(70)));
    add((g, x) -> g.matMul(x.f32(2, 5, 33), x.f32(2, 33, 66), false));
    add(
        (g, x) -> {
          AttentionPattern full = new AttentionPattern.Full();
          return g.attention(x.f32(70, 80), x.f32(75, 80), x.f32(75, 80), 2, 0.15f, full, null);
        });
    add(
        (g, x) ->
            g.conv3d(
                x.f32(2, 9, 8, 5), x.f32(6, 5, 1, 3, 3), x.f32(6), ConvGeometry.sameInSpace(3, 3)));
  }

  private void bf16Products() {
    Precision bf16 = Precision.BF16;
    add((g, x) -> g.linear(g.clamp(x.f32(131, 34), -9, 9), x.f32(70, 34), x.f32(70)), bf16, SUMS);
    add(
        (g, x) ->
            g.conv3d(
                x.f32(2, 9, 8, 6), x.f32(8, 6, 1, 3, 3), x.f32(8), ConvGeometry.sameInSpace(3, 3)),
        bf16,
        SUMS);
    add(
        (g, x) -> {
          AttentionPattern full = new AttentionPattern.Full();
          return g.attention(x.f32(70, 64), x.f32(75, 64), x.f32(75, 64), 2, 0.15f, full, null);
        },
        bf16,
        ROUNDED_WEIGHTS);
  }
}
