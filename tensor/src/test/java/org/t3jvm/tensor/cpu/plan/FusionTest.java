package org.t3jvm.tensor.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class FusionTest {
  private static final TokenGrid GRID = new TokenGrid(2, 4, 8);
  private static final long ROWS = GRID.tokens();
  private static final long WIDTH = 12;

  private final Tracer g = new Tracer();
  private final Value x = g.input("x", DType.F32, Shape.of(ROWS, WIDTH));
  private final Value vector = g.parameter("v", DType.F32, Shape.of(WIDTH));
  private final Value square = g.parameter("w", DType.BF16, Shape.of(WIDTH, WIDTH));

  private Fusion fusion() {
    Graph graph = g.graph();
    boolean[] needed = new boolean[graph.values().size()];
    Placement placement = Placement.of(graph);
    graph.values().forEach(value -> needed[value.id()] = placement.needed(value));
    return Fusion.of(graph, needed);
  }

  @Test
  void activationGateAndResidualFollowAProduct() {
    Value linear = g.linear(x, square, vector);
    Value gelu = g.geluTanh(linear);
    Value result = g.gatedResidual(x, vector, gelu);
    g.output("y", result);
    assertThat(fusion().chain(result)).isEqualTo(List.of(linear, gelu, result));
    assertThat(fusion().operands(result)).containsExactly(x, square, vector, x, vector);
    assertThat(fusion().overwritable(result)).isEmpty();
  }

  @Test
  void modulationAndRotationFollowANorm() {
    Value norm = g.layerNorm(x, null, null, 1e-6f);
    Value modulated = g.modulate(norm, vector, vector);
    Value rms = g.rmsNorm(x, vector, 1e-6f);
    Value rotated = g.rope(rms, 1, GRID);
    g.output("a", modulated);
    g.output("b", rotated);
    assertThat(fusion().chain(modulated)).isEqualTo(List.of(norm, modulated));
    assertThat(fusion().chain(rotated)).isEqualTo(List.of(rms, rotated));
    assertThat(fusion().overwritable(rotated)).containsExactly(x);
  }

  @Test
  void aValueWithTwoReadersStaysAlone() {
    Value norm = g.layerNorm(x, null, null, 1e-6f);
    Value silu = g.silu(norm);
    Value sum = g.add(silu, norm);
    g.output("y", sum);
    assertThat(fusion().absorbed(norm)).isFalse();
    assertThat(fusion().chain(sum)).isEqualTo(List.of(silu, sum));
  }

  @Test
  void anOutputStaysAlone() {
    Value silu = g.silu(x);
    g.output("silu", silu);
    g.output("y", g.exp(silu));
    assertThat(fusion().absorbed(silu)).isFalse();
  }

  @Test
  void aNormNeedsWholeRowsAndFollowsNoProduct() {
    Value linear = g.linear(x, square, null);
    Value norm = g.rmsNorm(linear, vector, 1e-6f);
    g.output("y", norm);
    assertThat(fusion().absorbed(linear)).isFalse();
  }

  @Test
  void ofTwoOperandsTheProductIsTaken() {
    Value silu = g.silu(x);
    Value linear = g.linear(x, square, null);
    Value sum = g.add(silu, linear);
    g.output("y", sum);
    assertThat(fusion().chain(sum)).isEqualTo(List.of(linear, sum));
    assertThat(fusion().last(silu)).isEqualTo(silu);
  }

  @Test
  void fewRowsTakeNoEpilogue() {
    Value few = g.input("few", DType.F32, Shape.of(2, WIDTH));
    Value silu = g.silu(g.linear(few, square, null));
    g.output("y", silu);
    assertThat(fusion().chain(silu)).containsExactly(silu);
  }

  @Test
  void anOperandReadTwiceIsNoChain() {
    Value silu = g.silu(x);
    Value squared = g.mul(silu, silu);
    g.output("y", squared);
    assertThat(fusion().absorbed(silu)).isFalse();
  }

  @Test
  void aConvolutionReadsThroughAnUpsampling() {
    Value frames = g.input("frames", DType.F32, Shape.of(2, 8, 8, 4));
    Value weight = g.parameter("filters", DType.F32, Shape.of(4, 4, 1, 3, 3));
    Value upsampled = g.upsample(frames, 2);
    Value conv = g.conv3d(upsampled, weight, null, ConvGeometry.sameInSpace(3, 3));
    Value silu = g.silu(conv);
    g.output("y", silu);
    assertThat(fusion().isReadThrough(upsampled)).isTrue();
    assertThat(fusion().last(upsampled)).isEqualTo(silu);
    assertThat(fusion().chain(silu)).isEqualTo(List.of(conv, silu));
    assertThat(fusion().operands(silu)).containsExactly(frames, weight);
  }

  @Test
  void anUpsamplingThatOthersReadIsMade() {
    Value frames = g.input("frames", DType.F32, Shape.of(2, 8, 8, 4));
    Value weight = g.parameter("filters", DType.F32, Shape.of(4, 4, 1, 3, 3));
    Value read = g.upsample(frames, 2);
    Value given = g.upsample(frames, 2);
    Value unpadded = g.upsample(frames, 2);
    ConvGeometry same = ConvGeometry.sameInSpace(3, 3);
    g.output("sum", g.add(g.conv3d(read, weight, null, same), read));
    g.output("given", given);
    g.output("conv", g.conv3d(given, weight, null, same));
    g.output("inner", g.conv3d(unpadded, weight, null, ConvGeometry.valid()));
    assertThat(List.of(read, given, unpadded)).noneMatch(fusion()::isReadThrough);
  }
}
