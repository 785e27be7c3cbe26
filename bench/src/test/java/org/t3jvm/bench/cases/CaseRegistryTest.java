package org.t3jvm.bench.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.GradientOp;
import org.t3jvm.tensor.graph.Op;

class CaseRegistryTest {
  private static final List<BenchCase> ALL = CaseRegistry.of(EnumSet.allOf(Suite.class), false);

  private static BenchCase named(String id) {
    return ALL.stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void suitesAreTheOnesOfTheCommand() {
    assertThat(Suite.labels())
        .containsExactly(
            "gemm",
            "attention",
            "conv3d",
            "elementwise",
            "launch",
            "dit-block",
            "vae",
            "text-encoder",
            "tokenizer",
            "checkpoint",
            "train");
  }

  @ParameterizedTest
  @EnumSource(Suite.class)
  void everySuiteHasCasesEvenInAQuickRun(Suite suite) {
    assertThat(CaseRegistry.of(Set.of(suite), true))
        .isNotEmpty()
        .allSatisfy(c -> assertThat(c.suite()).isEqualTo(suite))
        .allSatisfy(c -> assertThat(c.large()).isFalse());
  }

  @Test
  void idsAreUnique() {
    assertThat(ALL).extracting(BenchCase::id).doesNotHaveDuplicates();
  }

  @Test
  void everyCaseHasWork() {
    assertThat(ALL).allSatisfy(c -> assertThat(c.work()).as(c.id()).isPositive());
  }

  /** Worked out by hand: 2 for each multiply-add, attention twice queries x keys x columns. */
  @ParameterizedTest
  @CsvSource({
    "gemm/2040x1536x8960-bf16, 56151244800",
    "gemm/1x4096x10240-f32, 83886080",
    "attention/full-1344, 924844032",
    // 8160 tokens in one window, one pass, 1536 columns.
    "attention/1.3B-kind0, 409101926400",
    // 3360 tokens in windows of 1680, two passes, 1536 columns.
    "attention/1.3B-kind3, 69363302400",
    "conv3d/3x3x3-96-96, 64975011840",
    "conv3d/upsample-3x3-192-96, 43316674560"
  })
  void flopAreThoseWorkedOutByHand(String id, double flop) {
    assertThat(named(id).work()).isEqualTo(flop);
  }

  /**
   * Per token: q, k, v, o and the cross-attention's q and o, the FFN's two, 512 text keys, and two
   * passes over 1344 keys; 2 flop each, attention's keys twice.
   */
  @Test
  void flopOfABlockAreThoseOfItsFormula() {
    double dim = 1536;
    double perToken = 2 * (6 * dim * dim + 2 * dim * 8960 + 2 * 512 * dim + 2 * 2 * 1344 * dim);
    assertThat(named("dit-block/1.3B-kind1-f32").work())
        .isCloseTo(21 * 16 * 16 * perToken, within(1.0));
  }

  @Test
  void flopOfAUmt5LayerAreThoseOfItsFormula() {
    double perToken = 2 * (4.0 * 4096 * 4096 + 3.0 * 4096 * 10240 + 2.0 * 512 * 4096);
    assertThat(named("text-encoder/umt5-xxl-layer-bf16").work()).isEqualTo(512 * perToken);
  }

  @ParameterizedTest
  @CsvSource({
    // One tensor in and one out; the same with a weight of 1536; two in and one out with a gate.
    "elementwise/geluTanh, 100270080",
    "elementwise/rmsNorm, 100276224",
    "elementwise/gatedResidual, 150411264"
  })
  void bytesAreThoseWorkedOutByHand(String id, double bytes) {
    assertThat(named(id).work()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "1.3B-kind0, 8160, CLOSE",
    "1.3B-kind1, 1344, BOTH",
    "1.3B-kind2, 2142, BOTH",
    "1.3B-kind3, 1680, BOTH",
    "1.3B-kind4, 2040, BOTH",
    "5B-kind0, 3060, CLOSE",
    "5B-kind1, 504, BOTH",
    "5B-kind2, 1680, BOTH",
    "5B-kind3, 952, BOTH",
    "5B-kind4, 765, BOTH"
  })
  void windowsAreAsLargeAsInThePublishedTables(
      String name, int tokens, AttentionPattern.Grouping grouping) {
    GraphCase attention = (GraphCase) named("attention/" + name);
    AttentionPattern.Windows windows =
        (AttentionPattern.Windows)
            attention.graph().values().stream()
                .map(value -> value.op())
                .filter(Op.Attention.class::isInstance)
                .map(op -> ((Op.Attention) op).pattern())
                .findFirst()
                .orElseThrow();
    assertThat(windows.largestGroup()).isEqualTo(tokens);
    assertThat(windows.grouping()).isEqualTo(grouping);
  }

  /** A loss that does not depend on a parameter leaves zeros, which no op of the model computes. */
  @Test
  void gradientsComeThroughTheWholeModel() {
    for (BenchCase each : CaseRegistry.of(Set.of(Suite.TRAIN), false)) {
      assertThat(((GraphCase) each).graph().outputs().values())
          .as(each.id())
          .isNotEmpty()
          .noneMatch(value -> value.op() instanceof GradientOp.Broadcast);
    }
  }
}
