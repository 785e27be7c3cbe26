package org.t3jvm.bench.run;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What was measured in turns.
 *
 * @param seconds of each contender, one array a round
 */
record Rounds(List<double[]> seconds) {
  Rounds {
    seconds = List.copyOf(seconds);
  }

  /** The median seconds of one contender. */
  double median(int contender) {
    return median(round -> round[contender]);
  }

  /**
   * The median over rounds of one contender's seconds over another's. A machine whose speed changes
   * between rounds (a neighbour on the same core, a lower clock) leaves it alone, which it does not
   * leave the ratio of two medians.
   */
  double ratio(int over, int under) {
    return median(round -> round[over] / round[under]);
  }

  private double median(ToDoubleFunction<double[]> figure) {
    double[] sorted = seconds.stream().mapToDouble(figure).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
