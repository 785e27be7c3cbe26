package org.t3jvm.model.text;

/** Buckets of relative positions in T5 attention, both directions (SPEC 3). */
public final class RelativeBuckets {
  private static final int MAX_DISTANCE = 128;

  private RelativeBuckets() {}

  /**
   * The bucket of a relative position, below {@code buckets}.
   *
   * <p>Half of the buckets are for keys after the query. Of each half, the first half are exact
   * distances, the rest grow logarithmically up to distance 128, computed in float32 as upstream
   * does.
   *
   * @param relative key index minus query index
   */
  public static int bucket(int relative, int buckets) {
    int half = buckets / 2;
    int exact = half / 2;
    int base = relative > 0 ? half : 0;
    int distance = Math.abs(relative);
    if (distance < exact) {
      return base + distance;
    }
    float log = (float) Math.log((float) distance / exact);
    float range = (float) Math.log((double) MAX_DISTANCE / exact);
    int far = exact + (int) (log / range * (half - exact));
    return base + Math.min(half - 1, far);
  }

  /** Buckets of all pairs of {@code n} tokens, query-major: element q*n + k is of k - q. */
  public static long[] table(int n, int buckets) {
    long[] table = new long[n * n];
    for (int q = 0; q < n; q++) {
      for (int k = 0; k < n; k++) {
        table[q * n + k] = bucket(k - q, buckets);
      }
    }
    return table;
  }
}
