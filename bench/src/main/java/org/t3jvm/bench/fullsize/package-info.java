/**
 * Checkpoints of released sizes with synthetic weights, and commands that measure the time and
 * memory of using them where the release itself is not available.
 */
@NullMarked
package org.t3jvm.bench.fullsize;

import org.jspecify.annotations.NullMarked;
