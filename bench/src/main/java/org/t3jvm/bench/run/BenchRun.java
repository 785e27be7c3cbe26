package org.t3jvm.bench.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.t3jvm.bench.cases.BenchCase;
import org.t3jvm.bench.cases.Suite;
import org.t3jvm.bench.peak.FmaPeak;
import org.t3jvm.bench.peak.Team;
import org.t3jvm.bench.peer.PeerProvider;
import org.t3jvm.tensor.backend.Backend;
import org.t3jvm.tensor.backend.BackendException;
import org.t3jvm.tensor.backend.BackendOptions;
import org.t3jvm.tensor.backend.Backends;
import org.t3jvm.tensor.backend.Precision;

/** One run over cases, beside peers, with the machine's peak measured in turns with each case. */
public final class BenchRun implements AutoCloseable {
  /** The backend that is measured. */
  public static final String OURS = "cpu";

  /** Receives the events of a run. */
  public interface Listener {
    /** Before all cases: fused multiply-adds alone have just reached {@code fmaPeak} GFLOP/s. */
    void peak(double fmaPeak);

    /** A suite begins. */
    void suite(Suite suite);

    /** A case is done. */
    void result(CaseResult result);
  }

  private final Backend ours;
  private final SequencedMap<String, Backend> peers = new LinkedHashMap<>();
  private final Team team;
  private final CaseRunner runner;
  private final Effort effort;

  /**
   * Starts the backends.
   *
   * @param precision of the products of ours
   * @param patience seconds that one repetition of a peer may take, see {@link Patience}
   * @param providers peers that are available
   * @throws BackendException if one cannot start
   */
  public BenchRun(
      int threads,
      Precision precision,
      Effort effort,
      double patience,
      List<PeerProvider> providers) {
    this.effort = effort;
    team = new Team(threads);
    ours = Backends.named(OURS).open(new BackendOptions(threads).with(precision));
    runner =
        new CaseRunner(
            ours, peers, team, new Interleaved(System::nanoTime), new Patience(patience));
    try {
      providers.forEach(provider -> peers.put(provider.name(), provider.open(threads)));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Runs cases in their order.
   *
   * @throws IOException if a case's files cannot be written or read
   */
  public List<CaseResult> run(List<BenchCase> cases, Listener listener) throws IOException {
    List<CaseResult> results = new ArrayList<>();
    listener.peak(FmaPeak.measure(team));
    @Nullable Suite suite = null;
    for (BenchCase benchCase : cases) {
      boolean first = benchCase.suite() != suite;
      if (first) {
        suite = benchCase.suite();
        listener.suite(suite);
      }
      CaseResult result = runner.run(benchCase, first ? effort.withLongWarmup() : effort);
      results.add(result);
      listener.result(result);
    }
    return results;
  }

  /**
   * What the first results of launch cases took, and what backends report of their work so far,
   * such as the time to compile kernels.
   */
  public List<String> reports() {
    return Stream.concat(
            runner.firstResults().stream(),
            peers.values().stream().flatMap(peer -> peer.report().stream()))
        .toList();
  }

  @Override
  public void close() {
    peers.values().forEach(Backend::close);
    ours.close();
    team.close();
  }
}
