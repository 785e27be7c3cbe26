/** The cases as a JMH suite. */
@NullMarked
package org.t3jvm.bench.jmh;

import org.jspecify.annotations.NullMarked;
