/**
 * The reference backend: plain loops with sums in float64, one thread. It defines what every op
 * means; other backends are compared with it.
 */
@NullMarked
package org.t3jvm.tensor.reference;

import org.jspecify.annotations.NullMarked;
