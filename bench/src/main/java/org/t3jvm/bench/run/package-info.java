/** Runs cases: seeded tensors, interleaved repetitions, medians, comparison of results. */
@NullMarked
package org.t3jvm.bench.run;

import org.jspecify.annotations.NullMarked;
