package org.t3jvm.bench.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterleavedTest {
  private final List<String> turns = new ArrayList<>();
  private long now;

  /** Takes as long as {@code seconds} says for its nth run, counted from 0. */
  private final class Scripted implements Contender {
    private final String name;
    private final IntToDoubleFunction seconds;
    private int runs;

    Scripted(String name, IntToDoubleFunction seconds) {
      this.name = name;
      this.seconds = seconds;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void run() {
      turns.add(name);
      now += Math.round(seconds.applyAsDouble(runs++) * 1e9);
    }

    @Override
    public void close() {}
  }

  private Rounds measure(Effort effort, Scripted... contenders) throws IOException {
    return new Interleaved(() -> now).run(effort, List.of(contenders));
  }

  private double[] medians(Effort effort, Scripted... contenders) throws IOException {
    Rounds rounds = measure(effort, contenders);
    return IntStream.range(0, contenders.length).mapToDouble(rounds::median).toArray();
  }

  @Test
  void contendersTakeTurns() throws IOException {
    medians(
        new Effort(0, 0, 0, 2, 2),
        new Scripted("ours", run -> 0.1),
        new Scripted("peer", run -> 0.2));
    assertThat(turns).containsExactly("ours", "peer", "ours", "peer", "ours", "peer");
  }

  @Test
  void theFirstRoundsDoNotCount() throws IOException {
    double[] medians =
        medians(new Effort(3, 60, 1, 3, 9), new Scripted("ours", run -> run < 4 ? 5 - run : 1));
    assertThat(medians[0]).isCloseTo(1, within(1e-9));
  }

  @Test
  void warmUpGoesOnUntilNobodysTimeMoves() throws IOException {
    Scripted steady = new Scripted("ours", run -> 1);
    Scripted late = new Scripted("peer", run -> run < 6 ? 4 - 0.5 * run : 1);
    double[] medians = medians(new Effort(2, 60, 1, 3, 3), steady, late);
    assertThat(medians).containsExactly(new double[] {1, 1}, within(1e-9));
    assertThat(steady.runs).isEqualTo(8 + 3);
  }

  @Test
  void warmUpEndsEvenWhenTimesNeverSettle() throws IOException {
    Scripted restless = new Scripted("ours", run -> run % 2 == 0 ? 1 : 2);
    medians(new Effort(1, 10, 0, 1, 1), restless);
    assertThat(restless.runs).isEqualTo(7 + 1);
  }

  @Test
  void oneSlowRoundDoesNotMoveTheMedian() throws IOException {
    double[] medians =
        medians(
            new Effort(0, 0, 0, 5, 5),
            new Scripted("ours", run -> run == 3 ? 50 : 1),
            new Scripted("peer", run -> run == 2 ? 70 : 2));
    assertThat(medians).containsExactly(new double[] {1, 2}, within(1e-9));
  }

  @Test
  void measuringEndsWithItsTimeOrItsRounds() throws IOException {
    Scripted second = new Scripted("a", run -> 1);
    medians(new Effort(0, 0, 6.5, 3, 101), second);
    assertThat(second.runs).as("as many as begin in 6.5 s, and one for warm-up").isEqualTo(7 + 1);
    Scripted milli = new Scripted("b", run -> 0.001);
    medians(new Effort(0, 0, 6.5, 3, 101), milli);
    assertThat(milli.runs).isEqualTo(101 + 1);
    Scripted minute = new Scripted("c", run -> 60);
    medians(new Effort(0, 0, 6.5, 3, 101), minute);
    assertThat(minute.runs).isEqualTo(3 + 1);
  }

  @Test
  void medianOfAnEvenNumberIsTheMiddlesMean() {
    assertThat(median(4, 1, 3, 100)).isEqualTo(3.5);
    assertThat(median(9, 1, 5)).isEqualTo(5);
  }

  private static double median(double... rounds) {
    return new Rounds(Arrays.stream(rounds).mapToObj(second -> new double[] {second}).toList())
        .median(0);
  }

  @Test
  void aMachineThatSlowsDownHalfWayLeavesRatiosAlone() throws IOException {
    Rounds rounds =
        measure(
            new Effort(0, 0, 0, 6, 6),
            new Scripted("ours", run -> run < 3 ? 1 : 2),
            new Scripted("peer", run -> run < 4 ? 3 : 6));
    assertThat(rounds.ratio(1, 0)).isCloseTo(3, within(1e-9));
    assertThat(rounds.ratio(0, 1)).isCloseTo(1.0 / 3, within(1e-9));
  }
}
