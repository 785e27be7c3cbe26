package org.t3jvm.bench.run;

/**
 * How long a case is repeated. A round is one repetition by each contender.
 *
 * @param warmupSeconds warm-up lasts at least this long
 * @param settleSeconds and at most this long, when times do not settle; one round always
 * @param measureSeconds measuring lasts about this long
 * @param minRounds measured rounds, however long they take
 * @param maxRounds measured rounds, however short they are
 */
public record Effort(
    double warmupSeconds,
    double settleSeconds,
    double measureSeconds,
    int minRounds,
    int maxRounds) {

  /** For figures that are kept. */
  public static final Effort FULL = new Effort(0.6, 2, 2, 3, 101);

  /** For a look: figures move by some percent from run to run. */
  public static final Effort QUICK = new Effort(0.3, 1, 0.7, 2, 31);

  private static final int FIRST = 5;

  /** For the first case of a suite, whose kernels are not compiled yet. */
  Effort withLongWarmup() {
    return new Effort(
        FIRST * warmupSeconds, FIRST * settleSeconds, measureSeconds, minRounds, maxRounds);
  }
}
