package org.t3jvm.tensor.cpu.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.t3jvm.tensor.Shape;
import org.t3jvm.tensor.graph.AttentionPattern;
import org.t3jvm.tensor.graph.AttentionPattern.Grouping;
import org.t3jvm.tensor.graph.TokenGrid;
import org.t3jvm.tensor.graph.WindowCounts;

/** The same bits come out whatever the order of tasks and the number of threads. */
class AttentionOrderTest {
  private static final long SEED = 31;

  static Stream<AttentionCase> cases() {
    AttentionPattern full = new AttentionPattern.Full();
    AttentionPattern both =
        new AttentionPattern.Windows(
            new TokenGrid(2, 12, 16), new WindowCounts(2, 3, 2), Grouping.BOTH);
    AttentionPattern uneven =
        new AttentionPattern.Windows(
            new TokenGrid(3, 11, 13), new WindowCounts(2, 1, 2), Grouping.BOTH);
    return Stream.of(
        new AttentionCase(500, 130, 2, 40, full, SEED, 3),
        new AttentionCase(300, 70, 3, 24, full, SEED, 3, Shape.of(3, 300, 70)),
        new AttentionCase(384, 384, 3, 24, both, SEED, 3),
        new AttentionCase(429, 429, 3, 24, uneven, SEED, 3));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tasksMayRunInAnyOrder(AttentionCase c) {
    int[] bits = bits(c.run());
    assertThat(bits(c.run(Collections::reverse))).as("seed %d, reversed", SEED).isEqualTo(bits);
    for (int i = 0; i < 3; i++) {
      Random random = new Random(SEED + i);
      assertThat(bits(c.run(order -> Collections.shuffle(order, random))))
          .as("seed %d, shuffled with seed %d", SEED, SEED + i)
          .isEqualTo(bits);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void threadsDoNotMatter(AttentionCase c) throws InterruptedException {
    int[] bits = bits(c.run());
    for (int threads : new int[] {2, 5}) {
      assertThat(bits(c.runOn(threads))).as("seed %d, %d threads", SEED, threads).isEqualTo(bits);
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }
}
