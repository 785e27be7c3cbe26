package org.t3jvm.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.t3jvm.bench.cli.Peers;
import org.t3jvm.tensor.DType;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.Tensor;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.Parameters;
import org.t3jvm.tensor.cases.OpCase;
import org.t3jvm.tensor.cases.OpCases;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;
import org.t3jvm.tensor.graph.Tracer;

class PeerOpsTest {
  /** Every fourth case: each family has many that differ little. */
  private static final int STEP = 4;

  @TestFactory
  Stream<DynamicTest> libtorchAgreesWithTheReference() {
    List<OpCase> cases = OpCases.all().stream().filter(PeerOpsTest::isSupported).toList();
    return IntStream.range(0, cases.size())
        .filter(i -> i % STEP == 0)
        .mapToObj(cases::get)
        .map(
            opCase ->
                DynamicTest.dynamicTest(
                    "libtorch-f32: " + opCase, () -> check("libtorch-f32", opCase)));
  }

  /** One with boxes of queries, the other with a mask of whole frames. */
  @TestFactory
  Stream<DynamicTest> libtorchAttendsInWindowsThatSlide() {
    return Stream.of("libtorch-f32", "libtorch-upstream")
        .flatMap(
            peer ->
                OpCases.forward().stream()
                    .filter(PeerOpsTest::hasInwardWindows)
                    .map(
                        opCase ->
                            DynamicTest.dynamicTest(
                                peer + ": " + opCase, () -> check(peer, opCase))));
  }

  private static boolean hasInwardWindows(OpCase opCase) {
    return opCase.graph().values().stream()
        .anyMatch(
            value ->
                value.op() instanceof Op.Attention attention
                    && attention.pattern() instanceof AttentionPattern.Inward);
  }

  /** libtorch gives NaN for derivatives far out. */
  private static boolean isSupported(OpCase opCase) {
    return !hasUnevenWindows(opCase)
        && !opCase.toString().contains("far out")
        && opCase.graph().values().stream()
            .noneMatch(
                value ->
                    switch (value.op()) {
                      case GradientOp.ScatterAdd _ -> true;
                      case GradientOp.SavedAttention op ->
                          op.attention().pattern() instanceof AttentionPattern.Inward;
                      case GradientOp.AttentionGrad op -> op.ofScores();
                      default -> false;
                    });
  }

  /** Windows that libtorch has no batch for. */
  private static boolean hasUnevenWindows(OpCase opCase) {
    return opCase.graph().values().stream()
        .anyMatch(
            value ->
                switch (value.op()) {
                  case Op.Attention op -> isUneven(op);
                  case GradientOp.SavedAttention op -> isUneven(op.attention());
                  default -> false;
                });
  }

  private static boolean isUneven(Op.Attention op) {
    return op.pattern() instanceof AttentionPattern.Windows windows
        && !windows.counts().divides(windows.grid());
  }

  @Test
  void unevenWindowsAreRefused() {
    OpCase uneven =
        OpCases.forward().stream().filter(PeerOpsTest::hasUnevenWindows).findFirst().orElseThrow();
    try (Backend backend = PeerRuns.openOrSkip("libtorch-f32")) {
      assertThatThrownBy(
              () -> PeerRuns.run(backend, uneven.graph(), uneven.parameters(), uneven.inputs()))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("do not divide the token grid 1x1x7");
    }
  }

  @TestFactory
  Stream<DynamicTest> openblasAgreesWithTheReference() {
    return OpCases.forward().stream()
        .filter(opCase -> opCase.op().equals("linear") && isPlain(opCase))
        .map(
            opCase ->
                DynamicTest.dynamicTest("openblas: " + opCase, () -> check("openblas", opCase)));
  }

  /** One op on F32 matrices with elements. */
  private static boolean isPlain(OpCase opCase) {
    return opCase.graph().values().stream()
        .allMatch(
            value ->
                value.dtype() == DType.F32
                    && value.shape().elements() > 0
                    && (value.op() instanceof Op.Input
                        || value.op() instanceof Op.Parameter
                        || value.op() instanceof Op.Linear));
  }

  private static void check(String peer, OpCase opCase) {
    try (Backend reference = PeerRuns.reference();
        Backend backend = PeerRuns.openOrSkip(peer)) {
      Map<String, Tensor> parameters = opCase.parameters();
      Map<String, Tensor> inputs = opCase.inputs();
      Tensor expected = PeerRuns.run(reference, opCase.graph(), parameters, inputs);
      Tensor actual = PeerRuns.run(backend, opCase.graph(), parameters, inputs);
      assertThat(actual.dtype()).isEqualTo(expected.dtype());
      assertThat(actual.shape()).isEqualTo(expected.shape());
      for (long i = 0; i < expected.shape().elements(); i++) {
        assertThat(opCase.tolerance().accepts(expected.getDouble(i), actual.getDouble(i)))
            .as(
                "%s on %s, seed %d: element %d is %s, not %s; allowed are %s",
                opCase,
                peer,
                opCase.seed(),
                i,
                actual.getDouble(i),
                expected.getDouble(i),
                opCase.tolerance())
            .isTrue();
      }
    }
  }

  @Test
  void openblasRefusesAllButOneProduct() {
    Tracer g = new Tracer();
    g.output("y", g.silu(g.input("x", DType.F32, Shape.of(3, 4))));
    try (Backend backend = PeerRuns.openOrSkip("openblas")) {
      assertThatThrownBy(() -> backend.compile(g.graph(), Parameters.of(Map.of())))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("openblas: not supported: silu");
    }
  }

  @Test
  void anIdBeyondTheTableIsRefused() {
    Tracer g = new Tracer();
    g.output(
        "y",
        g.embedding(
            g.parameter("table", DType.F32, Shape.of(3, 2)),
            g.input("ids", DType.I64, Shape.of(2))));
    Map<String, Tensor> table = Map.of("table", Tensor.ofFloats(Shape.of(3, 2), 1, 2, 3, 4, 5, 6));
    Map<String, Tensor> ids = Map.of("ids", Tensor.ofLongs(Shape.of(2), 0, 3));
    try (Backend backend = PeerRuns.openOrSkip("libtorch-f32")) {
      assertThatThrownBy(() -> PeerRuns.run(backend, g.graph(), table, ids))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("id 3 at 1 is not a row of a table of 3");
    }
  }

  @Test
  void namesTellPeersApart() {
    assertThat(Peers.all())
        .extracting(PeerProvider::name)
        .containsExactly("libtorch-f32", "libtorch-bf16", "libtorch-upstream", "openblas");
  }
}
