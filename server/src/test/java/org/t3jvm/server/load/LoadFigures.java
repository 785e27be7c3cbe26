package org.t3jvm.server.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run under load gave.
 *
 * @param waits nanoseconds that pollers waited for an answer, each from when its request was due
 * @param alone jobs that nobody polled
 * @param polled as many jobs that were polled, in turns with the others
 */
record LoadFigures(List<Long> waits, List<Phase> alone, List<Phase> polled) {
  /**
   * A job.
   *
   * @param seconds that its run took
   * @param answers to pollers meanwhile
   * @param server processor time of the server's threads that are not the job's
   * @param clients seconds of processor time of the pollers' process
   */
  record Phase(double seconds, long answers, ProcessorTime server, double clients) {}

  /** Milliseconds within which a share of the answers came. */
  double waitMillis(double share) {
    return part(waits.stream().map(nanos -> nanos / 1e6).sorted().toList(), share);
  }

  /** How much longer a polled job took than the one alone beside it: a share of the pairs less. */
  double ratio(double share) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < alone.size(); i++) {
      ratios.add(polled.get(i).seconds() / alone.get(i).seconds());
    }
    return part(ratios.stream().sorted().toList(), share);
  }

  /** Lines for people. */
  String text() {
    Phase with = total(polled);
    Phase without = total(alone);
    return """
    %d answers: median %.1f ms, 99th percentile %.1f ms, longest %.1f ms
    a job takes %.3f s polled, %.3f s alone (medians of %d): ratio %.4f (median of pairs; \
    quartiles %.4f, %.4f)
    processor time of an answer: %.3f ms of the server, %.3f ms of the client; while they poll, \
    together %.2f %% of one processor
    processor time of the JVM's compilers: %.2f s in all polled jobs, %.2f s in all alone
    """
        .formatted(
            waits.size(),
            waitMillis(0.5),
            waitMillis(0.99),
            waitMillis(1),
            median(polled),
            median(alone),
            alone.size(),
            ratio(0.5),
            ratio(0.25),
            ratio(0.75),
            with.server().requests() / with.answers() * 1e3,
            (with.clients() - without.clients()) / with.answers() * 1e3,
            (with.server().requests() + with.clients() - without.clients()) / with.seconds() * 100,
            with.server().compilers(),
            without.server().compilers());
  }

  private static Phase total(List<Phase> phases) {
    return phases.stream()
        .reduce(
            new Phase(0, 0, new ProcessorTime(0, 0), 0),
            (a, b) ->
                new Phase(
                    a.seconds() + b.seconds(),
                    a.answers() + b.answers(),
                    a.server().plus(b.server()),
                    a.clients() + b.clients()));
  }

  private static double median(List<Phase> phases) {
    return part(phases.stream().map(Phase::seconds).sorted().toList(), 0.5);
  }

  private static double part(List<Double> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
  }
}
