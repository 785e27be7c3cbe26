package org.t3jvm.bench.cases;

/** What a case's figure is, from its work and the time that one repetition takes. */
public enum Metric {
  /** Work is floating-point operations: a multiplication and an addition are two. */
  GFLOP_PER_SECOND("GFLOP/s", Peak.FMA, true),
  /** Work is bytes read and written by an operation that a plain copy bounds. */
  COPY_GB_PER_SECOND("GB/s", Peak.COPY, true),
  /** Work is bytes read. */
  READ_GB_PER_SECOND("GB/s", Peak.NONE, true),
  /** Work is prompts. */
  PROMPTS_PER_SECOND("prompts/s", Peak.NONE, true),
  /** The time of one repetition. */
  MILLISECONDS("ms", Peak.NONE, false);

  /** What a figure is a share of. */
  public enum Peak {
    /** Fused multiply-adds on registers alone, on as many threads. */
    FMA,
    /** A copy of tensors of the same size, on as many threads. */
    COPY,
    /** Nothing that is measured here. */
    NONE
  }

  private static final double GIGA = 1e9;

  private final String unit;
  private final Peak peak;
  private final boolean higherIsBetter;

  Metric(String unit, Peak peak, boolean higherIsBetter) {
    this.unit = unit;
    this.peak = peak;
    this.higherIsBetter = higherIsBetter;
  }

  /** The unit in reports. */
  public String unit() {
    return unit;
  }

  /** What a figure is a share of. */
  public Peak peak() {
    return peak;
  }

  /** Whether a larger figure is the faster one. */
  public boolean higherIsBetter() {
    return higherIsBetter;
  }

  /** The figure for {@code work} done in {@code seconds}. */
  public double value(double work, double seconds) {
    return switch (this) {
      case GFLOP_PER_SECOND, COPY_GB_PER_SECOND, READ_GB_PER_SECOND -> work / seconds / GIGA;
      case PROMPTS_PER_SECOND -> work / seconds;
      case MILLISECONDS -> seconds * 1e3;
    };
  }
}
