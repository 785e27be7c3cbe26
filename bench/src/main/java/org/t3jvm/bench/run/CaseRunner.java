package org.t3jvm.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.GraphCase;
import org.t3jvm.bench.cases.HostCase;
import org.t3jvm.bench.cases.Metric;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.peak.Team;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.graph.Graph;

/** Runs single cases: ours first in each round, then every peer that can. */
final class CaseRunner {
  /** Runs upstream's algorithm, where a case has one. */
  private static final String UPSTREAM = "libtorch-upstream";

  private static final String HOST = "host";

  private final Backend ours;
  private final SequencedMap<String, Backend> peers;
  private final Team team;
  private final Interleaved interleaved;
  private final Patience patience;
  private final List<String> firstResults = new ArrayList<>();

  CaseRunner(
      Backend ours,
      SequencedMap<String, Backend> peers,
      Team team,
      Interleaved interleaved,
      Patience patience) {
    this.ours = ours;
    this.peers = peers;
    this.team = team;
    this.interleaved = interleaved;
    this.patience = patience;
  }

  /**
   * Runs one case.
   *
   * @param effort how long it is repeated
   * @throws IOException if the case's files cannot be written or read
   */
  CaseResult run(BenchCase benchCase, Effort effort) throws IOException {
    return switch (benchCase) {
      case GraphCase graphCase -> run(graphCase, effort);
      case HostCase hostCase -> run(hostCase, effort);
    };
  }

  /** What the first results of launch cases took, a line for each contender. */
  List<String> firstResults() {
    return firstResults;
  }

  private CaseResult run(HostCase hostCase, Effort effort) throws IOException {
    try (HostContender host = new HostContender(HOST, hostCase.opener().open())) {
      double seconds = interleaved.run(effort, List.of(host)).median(0);
      return new CaseResult(
          hostCase,
          HOST,
          1,
          hostCase.metric().value(hostCase.work(), seconds),
          OptionalDouble.empty(),
          new LinkedHashMap<>(),
          new LinkedHashMap<>(),
          List.of());
    }
  }

  private CaseResult run(GraphCase graphCase, Effort effort) throws IOException {
    SequencedMap<String, String> absent = new LinkedHashMap<>();
    List<GraphContender> running = new ArrayList<>();
    CaseData data = CaseData.of(graphCase);
    try {
      running.add(new GraphContender(ours.name(), ours, data.graph(), data));
      for (Map.Entry<String, Backend> peer : peers.entrySet()) {
        boolean isUpstream = peer.getKey().equals(UPSTREAM);
        Graph graph = isUpstream ? graphCase.upstream() : graphCase.graph();
        if (graph != null) {
          add(graphCase, graph, peer.getKey(), peer.getValue(), data, running, absent);
        }
      }
      return measure(graphCase, data, running, absent, effort);
    } finally {
      running.forEach(GraphContender::close);
      data.close();
    }
  }

  private void add(
      GraphCase graphCase,
      Graph graph,
      String name,
      Backend peer,
      CaseData data,
      List<GraphContender> running,
      SequencedMap<String, String> absent) {
    Optional<String> tooSlow = patience.against(name, graphCase);
    if (tooSlow.isPresent()) {
      absent.put(name, tooSlow.get());
      return;
    }
    try {
      running.add(new GraphContender(name, peer, graph, data));
    } catch (BackendException e) {
      absent.put(name, String.valueOf(e.getMessage()));
    }
  }

  private CaseResult measure(
      GraphCase graphCase,
      CaseData data,
      List<GraphContender> running,
      SequencedMap<String, String> absent,
      Effort effort)
      throws IOException {
    PeakContender best = peak(graphCase, data);
    List<Contender> contenders = new ArrayList<>(running);
    contenders.add(best);
    Rounds rounds = interleaved.run(effort, contenders);
    double value = graphCase.metric().value(graphCase.work(), rounds.median(0));
    double share = rounds.ratio(contenders.size() - 1, 0) * graphCase.work() / best.work();
    GraphContender first = running.getFirst();
    if (graphCase.suite() == Suite.LAUNCH) {
      running.forEach(
          each ->
              firstResults.add(
                  String.format(
                      Locale.ROOT,
                      "%s: first results of %s after %.2f s",
                      each.name(),
                      graphCase.id(),
                      each.firstSeconds())));
    }
    SequencedMap<String, Double> ratios = new LinkedHashMap<>();
    List<String> differences = new ArrayList<>();
    for (int i = 1; i < running.size(); i++) {
      GraphContender peer = running.get(i);
      ratios.put(peer.name(), rounds.ratio(i, 0));
      patience.learn(peer.name(), graphCase, rounds.median(i));
      Agreement.difference(peer.name(), ours.precision(), first.outputs(), peer.outputs())
          .ifPresent(differences::add);
    }
    return new CaseResult(
        graphCase,
        first.name(),
        team.threads(),
        value,
        OptionalDouble.of(100 * share),
        ratios,
        absent,
        differences);
  }

  private PeakContender peak(GraphCase graphCase, CaseData data) {
    return graphCase.metric().peak() == Metric.Peak.COPY
        ? new CopyContender(team, data, graphCase.graph().inputs().firstEntry().getValue().shape())
        : new FmaContender(team);
  }
}
