/** Weights by hierarchical name while a model is traced, and taps on its intermediate values. */
@NullMarked
package org.t3jvm.model.nn;

import org.jspecify.annotations.NullMarked;
