/**
 * JMH suites over the tensor engine, at the shapes that the released models have. The counter
 * {@code flop} of each benchmark is floating-point operations a second.
 */
@NullMarked
package org.t3jvm.bench;

import org.jspecify.annotations.NullMarked;
