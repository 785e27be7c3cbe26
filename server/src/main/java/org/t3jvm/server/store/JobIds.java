package org.t3jvm.server.store;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Ids of jobs: nobody guesses one, and they sort by the time that they were made at. */
public final class JobIds {
  private static final Pattern FORM = Pattern.compile("video_[0-9a-f]{32}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private long last;

  /**
   * The next id.
   *
   * @param millis of the clock
   */
  public synchronized String next(long millis) {
    last = Math.max(last + 1, millis << 12);
    return "video_%016x%016x".formatted(last, RANDOM.nextLong());
  }

  /** True of what {@link #next} may have given; any other text is the id of no job. */
  public static boolean isId(String text) {
    return FORM.matcher(text).matches();
  }
}
