/** Native libraries that run the same graphs in the same JVM. */
@NullMarked
package org.t3jvm.bench.peer;

import org.jspecify.annotations.NullMarked;
