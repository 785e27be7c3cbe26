package org.t3jvm.bench.cases;

import java.util.List;
import java.util.function.BiFunction;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

/** What memory bounds: the DiT's norms and elementwise ops over 8,160 tokens of the 1.3B width. */
final class ElementwiseCases {
  private static final TokenGrid GRID = new TokenGrid(1, 68, 120);
  private static final int DIM = 1536;
  private static final int HEADS = 12;
  private static final float EPS = 1e-6f;
  private static final Shape VECTOR = Shape.of(DIM);

  private ElementwiseCases() {}

  static List<GraphCase> all() {
    return List.of(
        of("rmsNorm", (g, x) -> g.rmsNorm(x, g.parameter("weight", DType.F32, VECTOR), EPS)),
        of("layerNorm-modulate", ElementwiseCases::modulatedNorm),
        of("geluTanh", Tracer::geluTanh),
        of("rope", (g, x) -> g.rope(x, HEADS, GRID)),
        of("gatedResidual", ElementwiseCases::gatedResidual),
        of("softmax", Tracer::softmax));
  }

  private static Value modulatedNorm(Tracer g, Value x) {
    return g.modulate(
        g.layerNorm(x, null, null, EPS),
        g.input("shift", DType.F32, VECTOR),
        g.input("scale", DType.F32, VECTOR));
  }

  private static Value gatedResidual(Tracer g, Value x) {
    return g.gatedResidual(
        x, g.input("gate", DType.F32, VECTOR), g.input("y", DType.F32, x.shape()));
  }

  private static GraphCase of(String name, BiFunction<Tracer, Value, Value> body) {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(GRID.tokens(), DIM));
    g.output("result", body.apply(g, x));
    return GraphCase.of(Suite.ELEMENTWISE, name, "%d x %d".formatted(GRID.tokens(), DIM), g.graph())
        .inBytes();
  }
}
