/**
 * The model that is used when none is given, as files; and what makes tiny models of the full
 * structure and untrained weights from a seed, which tests use in its place.
 */
@NullMarked
package org.t3jvm.model.embedded;

import org.jspecify.annotations.NullMarked;
