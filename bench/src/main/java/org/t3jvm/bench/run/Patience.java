package org.t3jvm.bench.run;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.t3jvm.bench.cases.Metric;

/**
 * Leaves out what would take a slow backend too long, by the slowest rate that it has shown. What
 * nothing is known of is tried.
 */
final class Patience {
  private record Kind(String backend, Metric metric) {}

  private final double seconds;
  private final Map<Kind, Double> slowest = new HashMap<>();

  /**
   * @param seconds that one repetition may take
   */
  Patience(double seconds) {
    this.seconds = seconds;
  }

  /** A backend did {@code work}, counted as {@code metric} does, in {@code took} seconds. */
  void learn(String backend, Metric metric, double work, double took) {
    slowest.merge(new Kind(backend, metric), work / took, Math::min);
  }

  /** Why a backend had better not try a case, or nothing. */
  Optional<String> against(String backend, Metric metric, double work) {
    Double rate = slowest.get(new Kind(backend, metric));
    if (rate == null || work / rate <= seconds) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "at %.2f %s, its slowest so far, once would take about %.0f s; --patience allows %.0f"
                + " s",
            rate / 1e9,
            metric.unit(),
            work / rate,
            seconds));
  }
}
