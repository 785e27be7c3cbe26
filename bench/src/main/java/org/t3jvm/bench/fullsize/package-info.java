/**
 * Files of a released model's real size, made up, and what it takes to use them: for measuring time
 * and memory where the release itself is not at hand.
 */
@NullMarked
package org.t3jvm.bench.fullsize;

import org.jspecify.annotations.NullMarked;
