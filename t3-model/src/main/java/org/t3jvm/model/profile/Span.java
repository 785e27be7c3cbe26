package org.t3jvm.model.profile;

import org.jspecify.annotations.Nullable;

/**
 * Something that took time.
 *
 * @param kind what it was
 * @param name the stage's, region's or ops' name
 * @param start nanoseconds since the process started
 * @param nanos its duration
 * @param cost what an op cost, null for the others
 */
record Span(Kind kind, String name, long start, long nanos, @Nullable OpCost cost) {
  enum Kind {
    STAGE,
    REGION,
    OP
  }

  long end() {
    return start + nanos;
  }
}
