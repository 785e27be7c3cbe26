/** Quantised weights of the models: which ones, made while loading, and how far they lie off. */
@NullMarked
package org.t3jvm.model.quantize;

import org.jspecify.annotations.NullMarked;
