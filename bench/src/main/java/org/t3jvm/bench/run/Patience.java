package org.t3jvm.bench.run;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.Metric;
import org.t3jvm.bench.cases.Suite;

/**
 * Skips cases that would take a slow backend too long, by its rate at the largest case of the same
 * suite, or, before there is one, by the slowest such rate of other suites. A backend without any
 * rate yet runs.
 */
final class Patience {
  private record Kind(String backend, Metric metric, Suite suite) {}

  /** What a backend did. */
  private record Seen(double work, double seconds) {
    double rate() {
      return work / seconds;
    }
  }

  private final double seconds;
  private final Map<Kind, Seen> largest = new HashMap<>();

  /**
   * @param seconds that one repetition may take
   */
  Patience(double seconds) {
    this.seconds = seconds;
  }

  /** A backend did a case in {@code took} seconds. */
  void learn(String backend, GraphCase done, double took) {
    largest.merge(
        new Kind(backend, done.metric(), done.suite()),
        new Seen(done.work(), took),
        (known, now) -> now.work >= known.work ? now : known);
  }

  /** Why a backend had better not try a case, or nothing. */
  Optional<String> against(String backend, GraphCase next) {
    Seen seen = known(backend, next);
    if (seen == null || next.work() / seen.rate() <= seconds) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "at the %.2f %s that it has shown once would take about %.0f s; --patience allows %.0f"
                + " s",
            seen.rate() / 1e9,
            next.metric().unit(),
            next.work() / seen.rate(),
            seconds));
  }

  private @Nullable Seen known(String backend, GraphCase next) {
    Seen same = largest.get(new Kind(backend, next.metric(), next.suite()));
    if (same != null) {
      return same;
    }
    return largest.entrySet().stream()
        .filter(entry -> entry.getKey().backend.equals(backend))
        .filter(entry -> entry.getKey().metric == next.metric())
        .map(Map.Entry::getValue)
        .min(Comparator.comparingDouble(Seen::rate))
        .orElse(null);
  }
}
