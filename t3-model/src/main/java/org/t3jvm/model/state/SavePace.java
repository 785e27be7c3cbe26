package org.t3jvm.model.state;

import java.util.function.LongSupplier;

/**
 * Says when something large is worth writing again: so seldom that writing takes a small share of
 * the time. The VAE decoder's state is 79 GB for a 4K video and 4 GB for 480p; a crash costs the
 * decoding since it was written last.
 */
public final class SavePace {
  private static final double SHARE = 0.05;
  private static final double FIRST_GUESS_BYTES_PER_SECOND = 500e6;

  private final double share;
  private final LongSupplier nanoTime;
  private double bytesPerSecond = FIRST_GUESS_BYTES_PER_SECOND;
  private long last;

  /**
   * @param share of the time that writing may take, in (0, 1]
   * @param nanoTime a clock
   */
  SavePace(double share, LongSupplier nanoTime) {
    this.share = share;
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** Writing takes a twentieth of the time. */
  public static SavePace usual() {
    return new SavePace(SHARE, System::nanoTime);
  }

  /** True if enough was done since the last time for {@code bytes} to be written. */
  boolean due(long bytes) {
    return seconds(last) * share >= bytes / bytesPerSecond;
  }

  private double seconds(long since) {
    return (nanoTime.getAsLong() - since) / 1e9;
  }

  /** {@code bytes} were written, begun at {@code begin} of the clock. */
  void written(long bytes, long begin) {
    last = nanoTime.getAsLong();
    double seconds = seconds(begin);
    if (seconds > 0) {
      bytesPerSecond = bytes / seconds;
    }
  }

  /** The clock, for {@link #written}. */
  long now() {
    return nanoTime.getAsLong();
  }
}
