package org.t3jvm.model.world;

import java.util.Optional;

/**
 * What a clip shows.
 *
 * @param object the largest object, if there is any
 * @param objects mean number of objects in a frame
 */
record Reading(Ground ground, Optional<Combination> object, double objects) {
  /** True if the clip shows this object and no other. */
  boolean shows(Combination wanted) {
    return object.equals(Optional.of(wanted)) && Math.rint(objects) == 1;
  }
}
