package org.t3jvm.tensor.cpu.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.cpu.RandomGraphs;
import org.t3jvm.tensor.graph.ConvGeometry;
import org.t3jvm.tensor.graph.Graph;
import org.t3jvm.tensor.graph.MovementOp;
import org.t3jvm.tensor.graph.Tracer;
import org.t3jvm.tensor.graph.Value;

class PlacementTest {
  /**
   * Runs plans with labels for numbers: every float of memory holds the name of the element written
   * there last, and each op must find its operands' elements where the plan puts them.
   */
  @Test
  void everyOpFindsItsOperandsIntact() {
    for (long seed = 0; seed < 400; seed++) {
      Graph graph = RandomGraphs.graph(seed);
      Placement placement = Placement.of(graph);
      ArenaPlan plan = new ArenaPlan(placement, List.of());
      Map<String, String> memory = new HashMap<>();
      for (Value value : graph.values()) {
        boolean view = view(value) != null;
        if (!placement.needed(value)
            || (!view && !Placement.isGiven(value) && !placement.computed(value))) {
          continue;
        }
        for (Value operand : view ? value.op().operands() : placement.operands(value)) {
          requireIntact(operand, placement, plan, memory, "seed " + seed + ", read by " + value);
        }
        if (view(value) == null) {
          for (long i = 0; i < value.shape().elements(); i++) {
            memory.put(cell(value, i, placement, plan), label(value, i));
          }
        }
        if (!placement.copies(value).isEmpty()) {
          requireIntact(value, placement, plan, memory, "seed " + seed + ", copied");
        }
      }
      graph
          .outputs()
          .forEach(
              (name, value) -> {
                if (placement.writesDirectly(name)) {
                  requireIntact(value, placement, plan, memory, "at the end as " + name);
                } else {
                  assertThat(placement.copies(value)).contains(name);
                }
              });
    }
  }

  private static void requireIntact(
      Value value, Placement placement, ArenaPlan plan, Map<String, String> memory, String when) {
    for (long i = 0; i < value.shape().elements(); i++) {
      assertThat(memory.get(cell(value, i, placement, plan)))
          .as("element %d of %s, %s", i, value, when)
          .isEqualTo(label(value, i));
    }
  }

  private static String cell(Value value, long i, Placement placement, ArenaPlan plan) {
    Storage storage = placement.location(value).storage();
    long at = placement.location(value).offset() / 4 + i;
    return storage.kind() == Storage.Kind.ARENA
        ? "arena " + (plan.offset(storage) / 4 + at)
        : storage.owner() + " " + at;
  }

  private static String label(Value value, long i) {
    MovementOp.View view = view(value);
    return view == null ? value.id() + ":" + i : label(view.base(), view.offset() / 4 + i);
  }

  @Test
  void elementwiseChainsRunInPlace() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4, 64));
    Value y = g.silu(g.affine(x, 2, 1));
    for (int i = 0; i < 10; i++) {
      y = g.rmsNorm(g.clamp(y, -1, 1), null, 1e-6f);
    }
    g.output("y", g.permute(y, 1, 0));
    assertThat(arenaBytes(g.graph())).isEqualTo(4 * 64 * 4);
  }

  @Test
  void anOpDoesNotOverwriteWhatItStillReadsElsewhere() {
    Tracer g = new Tracer();
    Value x = g.silu(g.input("x", DType.F32, Shape.of(4, 64)));
    Value y = g.sub(x, g.slice(x, 0, 0, 1));
    g.output("y", g.permute(y, 1, 0));
    assertThat(arenaBytes(g.graph())).isEqualTo(2 * 4 * 64 * 4);
  }

  @Test
  void partsOfAConcatenationAreComputedInTheirPlace() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4, 64));
    Value first = g.silu(g.rmsNorm(x, null, 1e-6f));
    Value last = g.exp(x);
    Value joined = g.concat(0, first, x, g.concat(0, last, x));
    g.output("y", g.permute(joined, 1, 0));
    Placement placement = Placement.of(g.graph());
    Storage storage = placement.location(joined).storage();
    assertThat(placement.location(first)).isEqualTo(new Placement.Location(storage, 0));
    assertThat(placement.location(last)).isEqualTo(new Placement.Location(storage, 2 * 1024));
    assertThat(storage.first()).isEqualTo(first.id());
    assertThat(arenaBytes(g.graph())).isEqualTo(joined.shape().elements() * 4);
  }

  @Test
  void partsThatOthersReadOrThatAreSideBySideLieApart() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4, 64));
    Value read = g.silu(x);
    Value rows = g.concat(0, read, x);
    Value column = g.exp(x);
    Value columns = g.concat(1, column, x);
    g.output("rows", g.permute(rows, 1, 0));
    g.output("read", g.permute(read, 1, 0));
    g.output("columns", g.permute(columns, 1, 0));
    Placement placement = Placement.of(g.graph());
    assertThat(placement.location(read).storage()).isNotEqualTo(placement.location(rows).storage());
    assertThat(placement.location(column).storage())
        .isNotEqualTo(placement.location(columns).storage());
  }

  /** What is upsampled stays until the chain of the convolution that reads it has ended. */
  @Test
  void anUpsamplingThatIsReadThroughLiesNowhere() {
    Tracer g = new Tracer();
    Value x = g.silu(g.input("x", DType.F32, Shape.of(2, 8, 8, 4)));
    Value weight = g.parameter("filters", DType.F32, Shape.of(4, 4, 1, 3, 3));
    Value upsampled = g.upsample(x, 2);
    Value conv = g.conv3d(upsampled, weight, null, ConvGeometry.sameInSpace(3, 3));
    Value last = g.exp(g.affine(conv, 2, 1));
    g.output("y", g.permute(last, 3, 0, 1, 2));
    Placement placement = Placement.of(g.graph());
    assertThat(placement.located(upsampled)).isFalse();
    assertThat(placement.computed(upsampled)).isFalse();
    assertThat(placement.location(x).storage().last()).isEqualTo(last.id());
    assertThat(placement.location(last).storage())
        .isEqualTo(placement.location(conv).storage())
        .isNotEqualTo(placement.location(x).storage());
  }

  @Test
  void outputsAndWhatNobodyNeedsTakeNoArena() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(4, 64));
    Value y = g.silu(x);
    Value unused = g.exp(x);
    g.output("y", g.reshape(y, 64, 4));
    Placement placement = Placement.of(g.graph());
    assertThat(placement.computed(y)).isTrue();
    assertThat(placement.computed(unused)).isFalse();
    assertThat(placement.needed(unused)).isFalse();
    assertThat(arenaBytes(g.graph())).isZero();
  }

  @Test
  void contiguousPartsAreViewsAndOthersAreNot() {
    Tracer g = new Tracer();
    Value x = g.input("x", DType.F32, Shape.of(1, 6, 5, 2));
    Value whole = g.slice(x, 2, 0, 5);
    Value rows = g.slice(g.reshape(x, 6, 5, 2), 0, 2, 3);
    Value afterUnit = g.slice(x, 1, 2, 3);
    Value columns = g.slice(x, 2, 1, 3);
    Value unitMoved = g.permute(x, 1, 0, 2, 3);
    Value turned = g.permute(x, 0, 2, 1, 3);
    Value single = g.concat(1, x);
    assertThat(view(whole)).isEqualTo(new MovementOp.View(x, 0));
    assertThat(view(rows)).extracting(MovementOp.View::offset).isEqualTo(2 * 10 * 4L);
    assertThat(view(afterUnit)).isEqualTo(new MovementOp.View(x, 2 * 10 * 4));
    assertThat(view(unitMoved)).isEqualTo(new MovementOp.View(x, 0));
    assertThat(view(single)).isEqualTo(new MovementOp.View(x, 0));
    assertThat(List.of(columns, turned)).allMatch(value -> view(value) == null);
  }

  private static long arenaBytes(Graph graph) {
    return new ArenaPlan(Placement.of(graph), List.of()).bytes();
  }

  private static MovementOp.@Nullable View view(Value value) {
    return value.op() instanceof MovementOp movement ? movement.view() : null;
  }
}
