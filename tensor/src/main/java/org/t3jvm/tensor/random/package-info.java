/**
 * Random numbers that equal those of PyTorch's CPU generator bit for bit, so that a seed gives the
 * noise here that it gives there (SPEC 11).
 */
@NullMarked
package org.t3jvm.tensor.random;

import org.jspecify.annotations.NullMarked;
