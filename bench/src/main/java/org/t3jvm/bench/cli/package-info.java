/** The command {@code t3 bench}. */
@NullMarked
package org.t3jvm.bench.cli;

import org.jspecify.annotations.NullMarked;
