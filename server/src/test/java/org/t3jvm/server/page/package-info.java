/** The page in a browser. */
@NullMarked
package org.t3jvm.server.page;

import org.jspecify.annotations.NullMarked;
