/** How the server does under load. */
@NullMarked
package org.t3jvm.server.load;

import org.jspecify.annotations.NullMarked;
