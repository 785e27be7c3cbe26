/** {@code t3 train} and its commands. */
@NullMarked
package org.t3jvm.cli.train;

import org.jspecify.annotations.NullMarked;
