/** Clients that mean no good. */
@NullMarked
package org.t3jvm.server.hostile;

import org.jspecify.annotations.NullMarked;
