/** Servers that end in the middle of their work, and those that follow. */
@NullMarked
package org.t3jvm.server.restart;

import org.jspecify.annotations.NullMarked;
