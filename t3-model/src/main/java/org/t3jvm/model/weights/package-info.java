/**
 * The format that weights take in memory: which of them may be quantised, quantising while loading,
 * and how far the values of one checkpoint lie from those of another.
 */
@NullMarked
package org.t3jvm.model.weights;

import org.jspecify.annotations.NullMarked;
