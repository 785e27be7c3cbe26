/**
 * The op matrix: every op over ordinary and awkward shapes and dtypes, as graphs with seeded
 * tensors and tolerances. Tests, benchmarks and the table of what a backend supports all read this
 * one list.
 */
@NullMarked
package org.t3jvm.tensor.cases;

import org.jspecify.annotations.NullMarked;
