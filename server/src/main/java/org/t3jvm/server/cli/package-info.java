/** {@code t3 serve}. */
@NullMarked
package org.t3jvm.server.cli;

import org.jspecify.annotations.NullMarked;
