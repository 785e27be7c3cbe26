package org.t3jvm.bench.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.t3jvm.bench.cases.BenchCase;

/**
 * What a case gave.
 *
 * @param backend who ran it: a backend of ours, or {@code host}
 * @param value in the unit of the case's metric
 * @param percentOfPeak share of the machine's peak measured beside it, where its metric has one
 * @param ratios a peer's time over ours by peer: above 1, ours is faster
 * @param absent why a peer did not run, by peer
 * @param differences results of peers that are not ours, one line each
 */
public record CaseResult(
    BenchCase benchCase,
    String backend,
    int threads,
    double value,
    OptionalDouble percentOfPeak,
    SequencedMap<String, Double> ratios,
    SequencedMap<String, String> absent,
    List<String> differences) {

  public CaseResult {
    ratios = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(ratios));
    absent = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(absent));
    differences = List.copyOf(differences);
  }

  /** What a peer reached, in the unit of the case's metric. */
  public double peerValue(String peer) {
    double ratio = ratios.getOrDefault(peer, Double.NaN);
    return benchCase.metric().higherIsBetter() ? value / ratio : value * ratio;
  }
}
