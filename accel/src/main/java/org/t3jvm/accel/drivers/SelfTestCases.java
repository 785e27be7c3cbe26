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
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** Small graphs that together run every F32 kernel, each one a kernel or two that are new. */
final class SelfTestCases {
  private static final long SEED = 17;

  /** The name of a graph's one result. */
  static final String RESULT = "y";

  /**
   * A graph and what it computes on.
   *
   * @param tensors its parameters by name
   */
  record Case(Graph graph, Map<String, Tensor> tensors) {}

  private final Random random = new Random(SEED);
  private final List<Case> cases = new ArrayList<>();

  private SelfTestCases() {}

  /** All of them. */
  static List<Case> all() {
    SelfTestCases all = new SelfTestCases();
    all.elementwise();
    all.rows();
    all.moves();
    all.products();
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
    Tracer g = new Tracer();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Value result =
        traced.result(
            g,
            (dtype, dims) -> {
              String name = "x" + tensors.size();
              tensors.put(name, filled(dtype, Shape.of(dims)));
              return g.parameter(name, dtype, Shape.of(dims));
            });
    g.output(RESULT, result);
    cases.add(new Case(g.graph(), tensors));
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
}
