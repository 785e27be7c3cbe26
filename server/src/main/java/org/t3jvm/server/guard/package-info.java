/** Who is let in: hosts, origins and tokens. */
@NullMarked
package org.t3jvm.server.guard;

import org.jspecify.annotations.NullMarked;
