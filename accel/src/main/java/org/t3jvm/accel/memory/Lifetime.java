package org.t3jvm.accel.memory;

/**
 * A value to place.
 *
 * @param elements its size
 * @param first the first moment it is in use
 * @param last the last moment it is in use, included
 */
public record Lifetime(long elements, int first, int last) {
  boolean meets(Lifetime other) {
    return first <= other.last && other.first <= last;
  }
}
